# cmake -DTSV=in.tsv -DHEADER=out.h -DNAME=name -P table.cmake
#
# Turns a table of tab-separated cells into the rows of a C array of arrays of
# strings, NULL after the last cell of each row and a row of NULL at the end.
# Lines that begin with '#' and empty lines are left out.
file(STRINGS ${TSV} lines ENCODING UTF-8)
set(columns 0)
set(rows "")
foreach(line IN LISTS lines)
  if(line STREQUAL "" OR line MATCHES "^#")
    continue()
  endif()
  string(REPLACE "\\" "\\\\" line "${line}")
  string(REPLACE "\"" "\\\"" line "${line}")
  string(REGEX REPLACE "\t+" "\", \"" cells "${line}")
  string(REGEX MATCHALL "\", \"" commas "${cells}")
  list(LENGTH commas n)
  math(EXPR n "${n} + 2")
  if(n GREATER columns)
    set(columns ${n})
  endif()
  string(APPEND rows "    {\"${cells}\", 0},\n")
endforeach()
if(columns EQUAL 0)
  message(FATAL_ERROR "${TSV}: no rows")
endif()
file(WRITE ${HEADER} "/* made from data/${NAME}.tsv */\nstatic const char *const rp_${NAME}_table[][${columns}] = {\n${rows}    {0},\n};\n")

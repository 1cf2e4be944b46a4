# bash completion for reprint; made by 'reprint help --completion'
_reprint() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} word command= options=
  COMPREPLY=()
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in
      index|query|compare|pairs|clusters|dedup|show|remove|expire|check|backup|compact|stat|extract|params|help|version) command=$word; break ;;
    esac
  done
  case $prev in
    --format) COMPREPLY=($(compgen -W "text jsonl csv tsv" -- "$cur")); return ;;
    --color) COMPREPLY=($(compgen -W "auto always never" -- "$cur")); return ;;
    --sort) COMPREPLY=($(compgen -W "score date" -- "$cur")); return ;;
    --by) COMPREPLY=($(compgen -W "published seen" -- "$cur")); return ;;
    --input-format) COMPREPLY=($(compgen -W "auto jsonl json text html" -- "$cur")); return ;;
    --log-format) COMPREPLY=($(compgen -W "text json" -- "$cur")); return ;;
    -d|--db) COMPREPLY=($(compgen -d -- "$cur")); return ;;
  esac
  case $command in
    index) options="--db --input-format --field --id-prefix --timezone --now --strict --max-skipped --max-article --max-line --max-depth --max-expansion --jobs --memory --wait --no-wait --bands --rows --quiet --verbose --log-format --help --version" ;;
    query) options="--db --format --color --full --id --limit --sort --look-alikes --verdict --min-passage --min-words --min-coverage --since --until --window --publisher --exclude-publisher --owners --exclude-same-owner --lang --input-format --field --id-prefix --timezone --now --strict --max-article --max-line --max-depth --max-expansion --jobs --quiet --verbose --log-format --help --version" ;;
    compare) options="--db --format --color --full --min-passage --pairs --explain --input-format --field --id-prefix --timezone --now --strict --max-skipped --max-article --max-line --max-depth --max-expansion --quiet --verbose --log-format --help --version" ;;
    pairs) options="--db --format --color --limit --sort --look-alikes --verdict --min-passage --min-words --min-coverage --since --until --window --publisher --exclude-publisher --owners --exclude-same-owner --min-publishers --lang --passages --all --jobs --quiet --verbose --log-format --help --version" ;;
    clusters) options="--db --format --color --limit --sort --verdict --min-words --min-coverage --since --until --window --publisher --exclude-publisher --owners --exclude-same-owner --min-publishers --keep --lang --jobs --quiet --verbose --log-format --help --version" ;;
    dedup) options="--db --format --color --full --limit --sort --verdict --min-words --min-coverage --since --until --window --publisher --exclude-publisher --owners --exclude-same-owner --min-publishers --keep --again --lang --timezone --now --jobs --wait --no-wait --quiet --verbose --log-format --help --version" ;;
    show) options="--db --format --color --full --text --quiet --verbose --log-format --help --version" ;;
    remove) options="--db --purge --dry-run --wait --no-wait --quiet --verbose --log-format --help --version" ;;
    expire) options="--db --dry-run --before --older-than --by --timezone --now --jobs --wait --no-wait --quiet --verbose --log-format --help --version" ;;
    check) options="--db --format --color --jobs --quiet --verbose --log-format --help --version" ;;
    backup) options="--db --quiet --verbose --log-format --help --version" ;;
    compact) options="--db --jobs --wait --no-wait --quiet --verbose --log-format --help --version" ;;
    stat) options="--db --format --color --quiet --verbose --log-format --help --version" ;;
    extract) options="--format --color --full --input-format --field --id-prefix --timezone --now --strict --max-skipped --max-article --max-line --max-depth --max-expansion --jobs --quiet --verbose --log-format --help --version" ;;
    params) options="--db --format --color --bands --rows --quiet --verbose --log-format --help --version" ;;
    help) options="--man --completion --quiet --verbose --log-format --help --version" ;;
    version) options="--quiet --verbose --log-format --help --version" ;;
    *) options="--db --format --color --full --id --limit --sort --look-alikes --verdict --min-passage --min-words --min-coverage --since --until --window --publisher --exclude-publisher --owners --exclude-same-owner --min-publishers --keep --again --lang --pairs --passages --all --explain --text --purge --dry-run --before --older-than --by --input-format --field --id-prefix --timezone --now --strict --max-skipped --max-article --max-line --max-depth --max-expansion --jobs --memory --wait --no-wait --bands --rows --man --completion --quiet --verbose --log-format --help --version" ;;
  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$cur"))
  elif [[ -z $command || $command == help ]]; then
    COMPREPLY=($(compgen -W "index query compare pairs clusters dedup show remove expire check backup compact stat extract params help version" -- "$cur"))
  else
    COMPREPLY=($(compgen -f -- "$cur"))
  fi
}
complete -o filenames -F _reprint reprint

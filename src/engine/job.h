/* job.h - what the two halves of a job share: run it (job.c), tell it
 * (job_tell.c). */
#ifndef RP_ENGINE_JOB_H
#define RP_ENGINE_JOB_H

#include "engine/run.h"

struct rp_job {
  rp_index *index;
  rp_job_options options;
  rp_run_head last; /* the stored run */
};

#endif

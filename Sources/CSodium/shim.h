// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0
#include <sodium.h>
#include <sys/prctl.h>

// prctl takes a variable number of arguments, which Swift cannot call.
static inline int resguardo_refuse_dumps(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

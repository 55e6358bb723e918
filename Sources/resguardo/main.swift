// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Commands

Program.start()

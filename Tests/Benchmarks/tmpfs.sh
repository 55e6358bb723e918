# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
#
# To be sourced by benchmarks: makes a directory, $work, on a tmpfs that is gone when the script ends.
#
# On a virtual machine most of the time of writing to a tmpfs can go into getting its pages: 0.6 to
# 2.0 s a GiB for dd alone where this was written, more than what is to be measured, and another time
# every time. Two things make it small and even. Pages of 2 MiB, for which the tmpfs is our own, if we
# may mount one; and warm(), which touches memory right before a measurement, since a host takes back
# what its guest has left free for some seconds.
# shellcheck shell=bash

work=$(mktemp -d /dev/shm/resguardo-bench.XXXXXX)
if mount -t tmpfs -o huge=always,mode=0700,size=90% resguardo-bench "$work" 2>/dev/null; then
    trap 'cd /; umount -l "$work"; rmdir "$work"' EXIT
    echo "tmpfs with pages of 2 MiB" >&2
else
    trap 'cd /; rm -rf "$work"' EXIT
    echo "tmpfs of the machine: no permission to mount one with large pages" >&2
fi

# warm MIB: has the machine give us that much memory, which the next command takes again.
warm() {
    head -c $(($1 << 20)) /dev/zero >"$work/.warm"
    rm "$work/.warm"
}

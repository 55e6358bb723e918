# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""Every place in a JSON document, for what damages them one by one."""


def walk(value, path=()):
    if path:
        yield path, value
    inner = value.items() if isinstance(value, dict) else enumerate(value) \
        if isinstance(value, list) else ()
    for step, element in inner:
        yield from walk(element, path + (step,))

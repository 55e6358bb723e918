// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The variables this process was started with.
package enum Environment {
    /// The value of the variable called `name`, or `nil` when it is not set.
    package static func value(_ name: String) -> String? {
        guard let text = unsafe getenv(name) else { return nil }
        return unsafe String(validatingCString: text)
    }

    /// Whether the variable called `name` is set to something that is no text.
    package static func isMalformed(_ name: String) -> Bool {
        unsafe getenv(name) != nil && value(name) == nil
    }

    /// The value of the variable called `name`, or `nil` when it is not set or empty.
    package static func nonEmpty(_ name: String) -> String? {
        guard let text = value(name), !text.isEmpty else { return nil }
        return text
    }

    /// Where other programs are looked for, separated by colons.
    static var programPath: String { nonEmpty("PATH") ?? "/usr/local/bin:/usr/bin:/bin" }
}

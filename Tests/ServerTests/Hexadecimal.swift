// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import TransparencyLog

/// SHA-256 as URLs write it.
enum Hexadecimal {
    static func sha256(_ text: String) -> String {
        Hex.encode(LogHash.digest(of: Array(text.utf8)).bytes)
    }
}

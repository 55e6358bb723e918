// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The standard streams and what stands behind them.
package enum Terminal {
    /// A standard stream we write to.
    package enum Stream: Int32, Sendable {
        case output = 1
        case error = 2
    }

    /// Whether a person may be reading `stream`.
    package static func isTerminal(_ stream: Stream) -> Bool { isatty(stream.rawValue) == 1 }

    /// Whether a person may be at the keyboard.
    package static var isInputTerminal: Bool { isatty(STDIN_FILENO) == 1 }

    /// Asks a question on standard error, and reads the answer from standard input.
    ///
    /// - Returns: The line, without white space around it; `nil` at the end of the input.
    package static func ask(_ question: String) -> String? {
        write(question + ": ", to: .error)
        return readLine().map { line in
            String(line.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
    }

    /// Writes all of `text`.
    ///
    /// - Returns: `false` when the stream is closed or full.
    @discardableResult
    package static func write(_ text: String, to stream: Stream) -> Bool {
        write(Array(text.utf8), to: stream.rawValue)
    }

    /// Writes all of `bytes` to an open file.
    ///
    /// - Returns: `false` when the file is closed or full.
    static func write(_ bytes: [UInt8], to file: Int32) -> Bool {
        unsafe bytes.withUnsafeBytes { buffer in
            var offset = 0
            while offset < buffer.count {
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[offset...])
                let count = unsafe Glibc.write(file, rest.baseAddress, rest.count)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { return false }
                offset += count
            }
            return true
        }
    }

    /// The width of the terminal behind standard error, in columns.
    package static var columns: Int {
        if let text = Environment.nonEmpty("COLUMNS"), let count = Int(text), count > 0 {
            return count
        }
        var size = winsize()
        guard unsafe ioctl(Stream.error.rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0
        else { return 80 }
        return Int(size.ws_col)
    }
}

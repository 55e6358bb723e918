// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import FeedKernels
import Glibc

// What Spark's workers run: a stage of the feed laboratory over standard input. One file without
// Foundation, so that it runs wherever a worker does.

/// Says what is wrong in one line that the driver looks for, and ends.
///
/// The rest of the input is read all the same: Spark tells of a program that it cannot write to,
/// and not of what that program said.
func stop(_ reason: String) -> Never {
    let line = Array("resguardo-stage: \(reason)\n".utf8)
    _ = unsafe line.withUnsafeBytes { unsafe write(2, $0.baseAddress, $0.count) }
    var rest = [UInt8](repeating: 0, count: 1 << 16)
    while unsafe rest.withUnsafeMutableBytes({ unsafe read(0, $0.baseAddress, $0.count) }) > 0 {}
    exit(65)
}

/// Writes everything.
func put(_ bytes: [UInt8]) {
    var start = 0
    while start < bytes.count {
        let count = unsafe bytes.withUnsafeBytes { buffer in
            unsafe write(1, buffer.baseAddress?.advanced(by: start), buffer.count - start)
        }
        guard count > 0 else { stop("output") }
        start += count
    }
}

/// Runs a stage to the end of standard input.
func run(_ work: some Stage) {
    var pipe = StagePipe(work)
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var output: [UInt8] = []
    do throws(StageError) {
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { buffer in
                unsafe read(0, buffer.baseAddress, buffer.count)
            }
            guard count >= 0 else { stop("input") }
            if count == 0 { break }
            output += try pipe.append(buffer[..<count])
            guard output.count >= 1 << 16 else { continue }
            put(output)
            output = []
        }
        _ = try pipe.finish()
    } catch {
        stop(error.line)
    }
    put(output)
}

/// The bytes of a text in hexadecimal.
func bytes(_ text: String) -> [UInt8]? {
    let digits = text.utf8.map { UInt8(String(UnicodeScalar($0)), radix: 16) }
    guard digits.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
        guard let high = digits[index], let low = digits[index + 1] else { return nil }
        bytes.append(high << 4 | low)
    }
    return bytes
}

let isLenient = CommandLine.arguments.last == "lenient"
let arguments = Array(CommandLine.arguments.dropFirst().dropLast(isLenient ? 1 : 0))

do throws(StageError) {
    switch (arguments.first, arguments.count) {
    case ("read-csv", 2):
        guard let header = bytes(arguments[1]) else { stop("usage") }
        run(try StageReader(.csv(header: header), isLenient: isLenient))
    case ("read-columns", 1): run(try StageReader(.columns, isLenient: isLenient))
    case ("rows", 2), ("pairs", 2):
        guard let window = Int64(arguments[1]), window >= 0 else { stop("usage") }
        run(StageSweep(windowSeconds: window, output: arguments[0] == "rows" ? .rows : .pairs))
    default: stop("usage")
    }
} catch {
    stop(error.line)
}

// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Foundation
internal import Glibc
internal import Synchronization

/// Runs other programs and waits for them.
package enum ChildProcess {
    /// What a program left behind.
    package struct Result: Sendable {
        /// The exit code, or 128 plus the signal that ended it.
        package let status: Int32
        /// All that it wrote, in the order in which it wrote it.
        package let output: [UInt8]
    }

    /// The most output that is kept; a program that writes more is read to its end all the same.
    package static let outputByteCountMax = 16 << 20

    /// Why a program did not run.
    package enum LaunchError: Error, Equatable, Sendable {
        /// There is no such program, or it may not be executed.
        case cannotStart(program: String)
    }

    /// Finds a program by name, as a shell would.
    ///
    /// - Parameters:
    ///   - name: A file name without a slash.
    ///   - path: Directories, separated by colons: the value of `PATH`.
    /// - Returns: The path of the first executable file of that name, if there is one.
    package static func find(_ name: String, in path: String) -> String? {
        path.split(separator: ":")
            .map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Runs a program to its end, or to the end of its time.
    ///
    /// - Parameters:
    ///   - program: Path of the executable.
    ///   - arguments: What follows the program's name.
    ///   - directory: Where it runs.
    ///   - environment: Its whole environment.
    ///   - input: What it reads on its standard input.
    ///   - keepsErrors: Whether standard error goes into the output; it is thrown away otherwise.
    ///   - secondsMax: When it is killed; nil waits for ever.
    /// - Returns: How it ended and what it wrote.
    /// - Throws: `.cannotStart`.
    package static func run(
        _ program: String,
        _ arguments: [String],
        in directory: String,
        environment: [String: String],
        input: [UInt8] = [],
        keepsErrors: Bool = true,
        secondsMax: Int? = nil
    ) throws(LaunchError) -> Result {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: directory, isDirectory: true)
        process.environment = environment
        let inputPipe = Pipe()
        process.standardInput = input.isEmpty ? FileHandle.nullDevice : inputPipe
        process.standardOutput = pipe
        process.standardError = keepsErrors ? pipe : FileHandle.nullDevice
        do {
            try process.run()
        } catch {
            throw .cannotStart(program: program)
        }
        if !input.isEmpty { feed(input, to: inputPipe) }
        let alarm = Alarm(process.processIdentifier, secondsMax)
        var output: [UInt8] = []
        while case let data = pipe.fileHandleForReading.availableData, !data.isEmpty {
            output += data.prefix(outputByteCountMax - output.count)
        }
        process.waitUntilExit()
        alarm.cancel()
        let isSignal = process.terminationReason == .uncaughtSignal
        let status = process.terminationStatus + (isSignal ? 128 : 0)
        return Result(status: status, output: output)
    }

    /// Writes on a thread of its own: a program may write before it has read everything.
    private static func feed(_ input: [UInt8], to pipe: Pipe) {
        // A program that ends early leaves nobody to write to, which is its business.
        signal(SIGPIPE, SIG_IGN)
        let handle = pipe.fileHandleForWriting
        DispatchQueue.global().async {
            try? handle.write(contentsOf: Data(input))
            try? handle.close()
        }
    }

    /// Kills a program that takes too long.
    private final class Alarm: Sendable {
        // Cancelled once the program has ended: its number may belong to another one by then.
        private let isCancelled = Mutex(false)

        init(_ identifier: Int32, _ secondsMax: Int?) {
            guard let secondsMax else { return }
            DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(secondsMax)) { [self] in
                isCancelled.withLock { isCancelled in
                    if !isCancelled { _ = kill(identifier, SIGKILL) }
                }
            }
        }

        func cancel() {
            isCancelled.withLock { $0 = true }
        }
    }
}

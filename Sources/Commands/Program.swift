// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc
import Sodium

/// The program: from a command line to an exit code.
package enum Program {
    /// Names under which the binary is another program, with what it then does.
    ///
    /// `age` starts plugins by name: as `age-plugin-pq` the binary speaks age's plugin protocol.
    private static let personalities: [String: @Sendable ([String]) -> Int32] = [
        "age-plugin-pq": { AgePluginProgram.run($0) }
    ]

    /// Runs the command line that the process was started with, and ends the process.
    package static func start() -> Never {
        ProcessMemory.refuseDumps()
        openMissingStreams()
        let name = CommandLine.arguments.first?.split(separator: "/").last.map(String.init)
        let arguments = Array(CommandLine.arguments.dropFirst())
        if let name, let personality = personalities[name] {
            exit(personality(arguments))
        }
        Interruption.install()
        exit(run(arguments))
    }

    /// Gives a process that was started without standard streams some that refuse to be used.
    ///
    /// Otherwise the next file to be opened, a key or a log, would be taken for input or written to
    /// as output. Opened for the other direction, they fail when they are read or written: a
    /// recovery key that nobody can see is not shown, and input that is missing is not empty.
    private static func openMissingStreams() {
        for descriptor in STDIN_FILENO...STDERR_FILENO
        where fcntl(descriptor, F_GETFD) == -1 && errno == EBADF {
            // The lowest free number is given, so each one lands where it is missing.
            let flags = descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY
            _ = unsafe open("/dev/null", flags)
        }
    }

    /// Runs one command line.
    ///
    /// - Returns: The exit code: 0, or the ``FailureClass`` as a number.
    package static func run(_ arguments: [String]) -> Int32 {
        // Before the options are known, messages follow the words of the command line.
        let words = arguments.prefix { $0 != "--" }
        var console = Console(
            isJSON: words.contains("--json"),
            isQuiet: words.contains("--quiet"),
            noColor: words.contains("--no-color"),
            language: .current
        )
        do {
            try RawArguments.requireText()
            var parsed = try Root.parseAsRoot(arguments)
            guard let command = parsed as? any ResguardoCommand else {
                if console.isJSON { throw UsageMessages.missingSubcommand }
                try parsed.run()
                return 0
            }
            console = Console(
                isJSON: command.global.json,
                isQuiet: command.global.quiet,
                noColor: command.global.noColor,
                language: .current,
                showsWords: arguments.first == PlumbingCommand.configuration.commandName
            )
            let context = try Context(of: command, console: console)
            let outcome = try command.run(in: context)
            try console.result(outcome)
            return outcome.kind?.rawValue ?? 0
        } catch let failure as Failure {
            return report(failure, on: console)
        } catch let error as any DescribedFailure {
            return report(error.failure, on: console)
        } catch {
            return report(error, on: console)
        }
    }

    private static func report(_ failure: Failure, on console: Console) -> Int32 {
        console.failure(failure)
        return failure.kind.rawValue
    }

    /// Help, versions and completions arrive as errors of the parser, beside real ones.
    private static func report(_ error: any Error, on console: Console) -> Int32 {
        switch Root.exitCode(for: error) {
        case .success:
            let text = Root.fullMessage(for: error)
            let isWritten = Terminal.write(UsageMessages.localHelp(text) + "\n", to: .output)
            return isWritten ? 0 : report(Console.unwritten, on: console)
        case .validationFailure:
            return report(
                UsageMessages.failure(
                    message: Root.message(for: error),
                    fullMessage: Root.fullMessage(for: error)
                ),
                on: console
            )
        default:
            // An error that no command group has described. Our error enums carry places, never
            // content, so that their names are safe to show.
            let text = "\(type(of: error)): \(error)"
            return report(Failure(.failed, Text(en: text, es: text)), on: console)
        }
    }
}

// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import Glibc
import Sodium

/// The program that the binary is under the name `age-plugin-pq`: what an age without post-quantum
/// support starts for `age1pq1…` and `AGE-PLUGIN-PQ-1…`.
///
/// Spec: C2SP `age-plugin.md`. Its messages are English, like those of the program that shows them.
enum AgePluginProgram {
    private static let usage = """
        Usage:
            age-plugin-pq -identity [FILE]

        Reads native identities (AGE-SECRET-KEY-PQ-1...) from FILE or standard input, and writes
        the same as plugin identities (AGE-PLUGIN-PQ-1...), for a version of age that has no
        post-quantum support of its own. With this program in its PATH, such an age encrypts to
        age1pq1... and decrypts with AGE-PLUGIN-PQ-1...
        """

    /// Runs under that name.
    ///
    /// - Returns: The exit code.
    static func run(_ arguments: [String]) -> Int32 {
        do {
            switch arguments.first {
            case "--age-plugin=recipient-v1": try session().wrapFileKeys()
            case "--age-plugin=identity-v1": try session().unwrapFileKeys()
            case "-identity", "--identity":
                guard arguments.count <= 2 else { return refuse(usage) }
                try convert(arguments.count == 2 ? arguments[1] : "-")
            case "-h", "-help", "--help": Terminal.write(usage + "\n", to: .output)
            case let state? where state.hasPrefix("--age-plugin="):
                return refuse("age-plugin-pq: unknown state machine")
            default: return refuse(usage)
            }
            return 0
        } catch let error as any DescribedFailure {
            return refuse("age-plugin-pq: \(error.failure.message.en)")
        } catch let failure as Failure {
            return refuse("age-plugin-pq: \(failure.message.en)")
        } catch {
            return refuse("age-plugin-pq: \(type(of: error))")
        }
    }

    private static func session() -> PluginSession {
        PluginSession(
            input: DescriptorStream(descriptor: STDIN_FILENO).source,
            output: DescriptorStream(descriptor: STDOUT_FILENO).sink
        )
    }

    private static func refuse(_ message: String) -> Int32 {
        Terminal.write(message + "\n", to: .error)
        return 1
    }

    private static func convert(_ path: String) throws {
        let identities = try PlumbingAgeFiles.identities(path) {
            throw Failure(.usage, Text(en: "the file is sealed", es: "el archivo está sellado"))
        }
        let sink = DescriptorStream(descriptor: STDOUT_FILENO).sink
        for identity in identities {
            guard let identity = identity as? HybridIdentity else {
                throw AgeError.malformedIdentity(line: 1)
            }
            var text = Array("# public key: \(identity.recipient.text)\n".utf8)
            text += identity.pluginText().reveal() + [UInt8(ascii: "\n")]
            defer { wipe(&text) }
            try sink(text.span)
        }
    }
}

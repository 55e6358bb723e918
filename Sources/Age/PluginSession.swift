// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import Sodium

/// One conversation with an age client that started us as `age-plugin-pq`, so that an age without
/// post-quantum support seals to `age1pq1…` and opens with `AGE-PLUGIN-PQ-1…`.
///
/// Spec: C2SP `age-plugin.md`, "recipient-v1" and "identity-v1". Each has two phases: the client
/// tells all it has, then the plugin sends commands and waits for the answer to each.
package struct PluginSession: ~Copyable {
    /// The most recipients, identities, file keys or stanzas of one conversation.
    package static let itemCountMax = 4096

    private var lines: HeaderLines
    private let output: ByteSink
    private var recipients: [HybridRecipient] = []
    private var identities: [HybridIdentity] = []
    private var fileKeys: [SharedFileKey] = []
    private var files: [(index: Int, stanzas: [Stanza])] = []
    private var recipientCount = 0
    private var identityCount = 0
    private var itemCount = 0
    private var acceptsLabels = false
    private var errors: [(arguments: [String], message: String)] = []

    /// Speaks over the plugin's standard streams.
    package init(input: @escaping ByteSource, output: @escaping ByteSink) {
        lines = HeaderLines(InputBuffer(input))
        self.output = output
    }

    /// Wraps the client's file keys.
    ///
    /// - Throws: `.pluginProtocol` when the client does not speak it; failures of the streams.
    package consuming func wrapFileKeys() throws(AgeError) {
        while let command = try nextCommand() {
            switch command.type {
            case "add-recipient": addRecipient(try argument(of: command))
            case "add-identity": try addIdentity(argument(of: command))
            case "wrap-file-key": try addFileKey(command.body)
            case "extension-labels": acceptsLabels = true
            default: break  // Unknown commands are passed over, or none could ever be added.
            }
        }
        guard errors.isEmpty else { return try sendErrors() }
        if acceptsLabels {
            try send(Stanza(type: "labels", arguments: [HybridRecipient.label], body: []))
        }
        for (index, fileKey) in fileKeys.enumerated() {
            for recipient in recipients {
                for stanza in try recipient.wrap(fileKey.key) {
                    let parts = [String(index), stanza.type] + stanza.arguments
                    try send(
                        Stanza(type: "recipient-stanza", arguments: parts, body: stanza.body)
                    )
                }
            }
        }
        try finish()
    }

    /// Finds the file keys of the client's files.
    ///
    /// - Throws: As ``wrapFileKeys()``.
    package consuming func unwrapFileKeys() throws(AgeError) {
        while let command = try nextCommand() {
            switch command.type {
            case "add-identity": try addIdentity(argument(of: command))
            case "recipient-stanza": try addStanza(command)
            default: break
            }
        }
        guard errors.isEmpty else { return try sendErrors() }
        for file in files {
            try unwrap(file.stanzas, fileIndex: file.index)
        }
        try finish()
    }

    private mutating func unwrap(_ stanzas: [Stanza], fileIndex: Int) throws(AgeError) {
        let file = String(fileIndex)
        for identity in identities {
            do {
                guard let fileKey = try identity.unwrap(stanzas) else { continue }
                var bytes = fileKey.bytes.reveal()
                defer { wipe(&bytes) }
                return try send(Stanza(type: "file-key", arguments: [file], body: bytes))
            } catch AgeError.malformedStanza(let index) {
                let message = Array("malformed mlkem768x25519 stanza".utf8)
                let place = ["stanza", file, String(index)]
                return try send(Stanza(type: "error", arguments: place, body: message))
            }
        }
    }

    private mutating func addRecipient(_ text: String) {
        do {
            recipients.append(try HybridRecipient(parsing: text))
        } catch {
            let place = ["recipient", String(recipientCount)]
            errors.append((place, "not a post-quantum recipient (age1pq1…)"))
        }
        recipientCount += 1
    }

    private mutating func addIdentity(_ text: String) {
        do {
            let secret = SecretBytes(copying: Array(text.utf8))
            let identity = try HybridIdentity(parsing: secret, asPlugin: true)
            identities.append(identity)
            recipients.append(identity.recipient)
        } catch {
            let place = ["identity", String(identityCount)]
            errors.append((place, "not a post-quantum identity (AGE-PLUGIN-PQ-1…)"))
        }
        identityCount += 1
    }

    private mutating func addFileKey(_ body: [UInt8]) throws(AgeError) {
        guard body.count == FileKey.count else { throw .pluginProtocol }
        var bytes = body
        fileKeys.append(SharedFileKey(FileKey(SecretBytes(wiping: &bytes))))
    }

    /// File indices come in order, starting anywhere; stanzas of one file follow each other.
    private mutating func addStanza(_ command: Stanza) throws(AgeError) {
        guard command.arguments.count >= 2, let index = Int(command.arguments[0]), index >= 0,
            index >= files.last?.index ?? 0
        else { throw .pluginProtocol }
        let stanza = Stanza(
            type: command.arguments[1],
            arguments: Array(command.arguments.dropFirst(2)),
            body: command.body
        )
        if files.last?.index != index { files.append((index, [])) }
        files[files.count - 1].stanzas.append(stanza)
    }

    private func argument(of command: Stanza) throws(AgeError) -> String {
        guard command.arguments.count == 1 else { throw .pluginProtocol }
        return command.arguments[0]
    }

    private mutating func nextCommand() throws(AgeError) -> Stanza? {
        let stanza = try readStanza()
        itemCount += 1
        guard itemCount <= Self.itemCountMax else { throw .pluginProtocol }
        return stanza.type == "done" ? nil : stanza
    }

    private mutating func readStanza() throws(AgeError) -> Stanza {
        do {
            let first = try lines.next()
            return try Stanza.read(first: first, from: &lines)
        } catch {
            if case .sourceFailed = error { throw error }
            throw .pluginProtocol
        }
    }

    private mutating func send(_ stanza: Stanza) throws(AgeError) {
        try output(stanza.encoded.span)
        guard try readStanza().type == "ok" else { throw .pluginProtocol }
    }

    private mutating func sendErrors() throws(AgeError) {
        for error in errors {
            let body = Array(error.message.utf8)
            try send(Stanza(type: "error", arguments: error.arguments, body: body))
        }
        try finish()
    }

    private func finish() throws(AgeError) {
        try output(Stanza(type: "done", arguments: [], body: []).encoded.span)
    }

    /// A file key that lives in an array.
    private final class SharedFileKey {
        let key: FileKey

        init(_ key: consuming FileKey) {
            self.key = key
        }
    }
}

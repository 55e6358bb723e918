// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Age
import BulkCrypto
import Encodings
import Sodium
import Testing

/// The client's side of the protocol is written out here; Debian's age plays it in `InteropTests`.
@Suite struct PluginSessionTests {
    private static func line(_ words: String, _ body: [UInt8] = []) -> String {
        "-> \(words)\n\(Base64.encode(body, padded: false))\n"
    }

    private static let ok = line("ok")

    /// What the plugin says to a client that says all this, and how it ends.
    private static func wrap(_ client: String) -> (said: String, error: AgeError?) {
        converse(client) { (session: consuming PluginSession) throws(AgeError) in
            try session.wrapFileKeys()
        }
    }

    private static func unwrap(_ client: String) -> (said: String, error: AgeError?) {
        converse(client) { (session: consuming PluginSession) throws(AgeError) in
            try session.unwrapFileKeys()
        }
    }

    private static func converse(
        _ client: String,
        _ body: (consuming PluginSession) throws(AgeError) -> Void
    ) -> (said: String, error: AgeError?) {
        var said: [UInt8] = []
        let session = PluginSession(input: bytesSource(Array(client.utf8))) {
            (bytes: Span<UInt8>) throws(AgeError) in
            said.append(bytes)
        }
        var failure: AgeError?
        do throws(AgeError) { try body(session) } catch { failure = error }
        return (String(decoding: said, as: UTF8.self), failure)
    }

    private static let fileKey = [UInt8](0..<16)

    @Test func wrappedFileKeyIsUnwrappedAgain() throws {
        let identity = HybridIdentity()
        let wrapped = Self.wrap(
            Self.line("add-recipient \(identity.recipient.text)") + Self.line("grease-x a b", [9])
                + Self.line("wrap-file-key", Self.fileKey) + Self.line("extension-labels")
                + Self.line("done") + Self.ok + Self.ok
        )
        #expect(wrapped.error == nil)
        var lines = wrapped.said.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[0...1] == ["-> labels postquantum", ""])
        #expect(lines[2].hasPrefix("-> recipient-stanza 0 mlkem768x25519 "))
        #expect(lines[4...] == ["-> done", "", ""])
        lines = Array(lines[2...3])
        let secret = String(decoding: identity.pluginText().reveal(), as: UTF8.self)
        let unwrapped = Self.unwrap(
            Self.line("add-identity \(secret)")
                + Self.line("recipient-stanza 0 X25519 abc", [1, 2])
                + lines.joined(separator: "\n") + "\n" + Self.line("done") + Self.ok
        )
        #expect(unwrapped.error == nil)
        #expect(unwrapped.said == Self.line("file-key 0", Self.fileKey) + Self.line("done"))
    }

    @Test func labelsAreSentOnlyToClientsThatKnowThem() {
        let recipient = HybridIdentity().recipient.text
        let wrapped = Self.wrap(
            Self.line("add-recipient \(recipient)") + Self.line("wrap-file-key", Self.fileKey)
                + Self.line("done") + Self.ok
        )
        #expect(wrapped.error == nil)
        #expect(!wrapped.said.contains("labels"))
    }

    @Test func everyFileKeyIsWrappedForEveryRecipient() {
        let recipients = (0..<2).map { _ in
            Self.line("add-recipient \(HybridIdentity().recipient.text)")
        }
        let wrapped = Self.wrap(
            recipients.joined() + Self.line("wrap-file-key", Self.fileKey)
                + Self.line("wrap-file-key", Self.fileKey) + Self.line("done")
                + String(repeating: Self.ok, count: 4)
        )
        #expect(wrapped.error == nil)
        for file in 0..<2 {
            let count = wrapped.said.split(separator: "\n")
                .count { $0.hasPrefix("-> recipient-stanza \(file) ") }
            #expect(count == 2)
        }
    }

    @Test func wrongRecipientsAreReportedByIndexAndNothingIsWrapped() {
        let recipient = HybridIdentity().recipient.text
        let wrapped = Self.wrap(
            Self.line("add-recipient \(recipient)") + Self.line("add-recipient age1pq1xyz")
                + Self.line("add-identity AGE-PLUGIN-PQ-1ABC")
                + Self.line("wrap-file-key", Self.fileKey) + Self.line("done") + Self.ok + Self.ok
        )
        #expect(wrapped.error == nil)
        #expect(wrapped.said.contains("-> error recipient 1\n"))
        #expect(wrapped.said.contains("-> error identity 0\n"))
        #expect(!wrapped.said.contains("recipient-stanza"))
        #expect(wrapped.said.hasSuffix("-> done\n\n"))
    }

    @Test func malformedStanzasAreReportedByPlace() {
        let secret = String(decoding: HybridIdentity().pluginText().reveal(), as: UTF8.self)
        let unwrapped = Self.unwrap(
            Self.line("add-identity \(secret)") + Self.line("recipient-stanza 0 other")
                + Self.line("recipient-stanza 1 other")
                + Self.line("recipient-stanza 1 mlkem768x25519 AAAA", [1])
                + Self.line("done") + Self.ok
        )
        #expect(unwrapped.error == nil)
        #expect(unwrapped.said.hasPrefix("-> error stanza 1 1\n"))
    }

    @Test func filesOfOthersAreAnsweredWithSilence() {
        let secret = String(decoding: HybridIdentity().pluginText().reveal(), as: UTF8.self)
        let unwrapped = Self.unwrap(
            Self.line("add-identity \(secret)") + Self.line("recipient-stanza 0 X25519 abc")
                + Self.line("done")
        )
        #expect(unwrapped.error == nil)
        #expect(unwrapped.said == Self.line("done"))
    }

    @Test(arguments: [
        "", "nonsense\n", "-> add-recipient\n\n-> done\n\n", "-> wrap-file-key\nAAAA\n-> done\n\n",
        "-> add-recipient a b\n\n-> done\n\n", "-> add-recipient a",
    ])
    func refusesClientsThatDoNotSpeakTheProtocol(_ client: String) {
        #expect(Self.wrap(client).error == .pluginProtocol)
    }

    @Test(arguments: ["-1 a", "x a", "0", "01x a"])
    func refusesWrongFileIndices(_ words: String) {
        let client = Self.line("recipient-stanza \(words)") + Self.line("done")
        #expect(Self.unwrap(client).error == .pluginProtocol)
    }

    @Test func refusesFileIndicesThatGoBack() {
        let client =
            Self.line("recipient-stanza 1 a") + Self.line("recipient-stanza 0 a")
            + Self.line("done")
        #expect(Self.unwrap(client).error == .pluginProtocol)
    }

    @Test func endsWhenTheClientFails() {
        let recipient = HybridIdentity().recipient.text
        let wrapped = Self.wrap(
            Self.line("add-recipient \(recipient)") + Self.line("wrap-file-key", Self.fileKey)
                + Self.line("done") + Self.line("fail")
        )
        #expect(wrapped.error == .pluginProtocol)
    }
}

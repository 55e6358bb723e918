// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Outside

/// What is sent: the same on every channel.
struct ReminderMessage: Equatable, Sendable {
    let subject: String
    let text: String
    /// The same for the same reminder, so that whoever gets it twice can tell.
    let identifier: String
}

/// One way to a person.
///
/// Spec: `docs/spec/switch.md`, section 14.
enum ReminderChannel: Equatable, Sendable {
    /// A program that takes a mail on its standard input and recipients as arguments, and says with
    /// its exit code whether somebody has taken it over.
    case mail(program: [String], from: String?, to: [String])
    /// A server that takes a text with POST, as ntfy does.
    case webhook(url: String)

    private static let answerCountMax = 1 << 16
    private static let urlCountMax = 2048
    private static let encodedWordCountMax = 45

    /// What it depends on.
    var way: String {
        switch self {
        case .mail: "mail"
        case .webhook(let url): String(url.split(separator: "/").dropFirst().first ?? "")
        }
    }

    /// Its name in statements and logs, which says nothing of whom it reaches.
    var kind: String {
        switch self {
        case .mail: "mail"
        case .webhook: "webhook"
        }
    }

    /// Whether something can be sent there without being read on the way.
    static func isWebhook(_ url: String) -> Bool {
        guard url.utf8.count <= urlCountMax, url.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
        else { return false }
        let scheme = ["https://", "http://"].first(where: url.hasPrefix)
        guard let scheme else { return false }
        let authority = url.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
        // Passwords in addresses end up in other people's logs.
        guard !authority.isEmpty, !authority.contains("@") else { return false }
        if scheme == "https://" { return true }
        let host = authority.hasPrefix("[") ? authority : authority.prefix { $0 != ":" }
        return host.hasSuffix(".onion") || ["127.0.0.1", "localhost"].contains(host)
            || host.hasPrefix("[::1]")
    }

    /// Sends a message.
    ///
    /// - Parameters:
    ///   - message: What to say.
    ///   - timeoutSeconds: When to give up.
    ///   - client: The way to webhooks.
    /// - Returns: Whether somebody has taken it over.
    /// - Throws: What `client` throws.
    func send(
        _ message: ReminderMessage,
        timeoutSeconds: Int,
        client: () throws -> HTTPClient
    ) throws -> Bool {
        switch self {
        case .mail(let program, let from, let recipients):
            let result = try? ChildProcess.run(
                program[0],
                program.dropFirst() + ["-i", "--"] + recipients,
                in: "/",
                environment: Self.environment,
                input: Self.mail(message, from: from, to: recipients),
                keepsErrors: false,
                secondsMax: timeoutSeconds
            )
            // A program that is not there has sent nothing.
            return result?.status == 0
        case .webhook(let url):
            var request = HTTPClient.Request(
                url: url,
                body: Array(message.text.utf8),
                countMax: Self.answerCountMax,
                timeoutMilliseconds: timeoutSeconds * 1000
            )
            request.headers = ["Title: \(Self.header(message.subject))"]
            // Why there is no answer does not matter: it is tried again.
            guard let response = try? client().send(request) else { return false }
            return (200..<300).contains(response.status)
        }
    }

    /// What a mail program needs to know, and nothing of ours.
    private static var environment: [String: String] {
        var kept = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
        for name in ["HOME", "LC_ALL", "USER", "LOGNAME"] {
            kept[name] = Environment.nonEmpty(name)
        }
        return kept
    }

    /// A message as RFC 5322 has it.
    static func mail(_ message: ReminderMessage, from: String?, to: [String]) -> [UInt8] {
        let domain = (from ?? to[0]).split(separator: "@").last ?? "localhost"
        var lines = from.map { ["From: <\($0)>"] } ?? []
        lines += [
            "To: " + to.map { "<\($0)>" }.joined(separator: ", "),
            "Subject: \(header(message.subject))",
            "Message-ID: <\(message.identifier)@\(domain)>",
            // No automatic answer is wanted.
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: base64", "", Base64.encode(Array(message.text.utf8)), "",
        ]
        return Array(lines.joined(separator: "\n").utf8)
    }

    /// Words in a header: as they are, or as RFC 2047 writes what is not ASCII.
    private static func header(_ text: String) -> String {
        if text.utf8.allSatisfy({ (0x20..<0x7f).contains($0) }) { return text }
        var pieces: [[UInt8]] = [[]]
        for character in text {
            let bytes = Array(String(character).utf8)
            if (pieces.last?.count ?? 0) + bytes.count > encodedWordCountMax { pieces.append([]) }
            pieces[pieces.count - 1] += bytes
        }
        return pieces.map { "=?UTF-8?B?\(Base64.encode($0))?=" }.joined(separator: " ")
    }
}

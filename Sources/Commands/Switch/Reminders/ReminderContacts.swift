// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings

/// How somebody is reminded: with which words, and on which ways.
///
/// The words say nothing of a switch, and hold no link: what follows links in mail follows nothing.
///
/// Spec: `docs/spec/switch.md`, section 14.
struct ReminderContacts: Equatable, Sendable {
    /// Why a file is none, with the number of the line.
    enum Flaw: Error, Equatable {
        /// Not understood.
        case line(Int)
        /// It holds a link.
        case link(Int)
        /// No way to anybody.
        case empty
    }

    /// The longest file.
    static let byteCountMax = 8192
    static let channelCountMax = 8
    private static let recipientCountMax = 8
    private static let addressCountMax = 254
    private static let subjectCountMax = 120
    private static let textCountMax = 500
    private static let timeoutSecondsMax = 300

    /// Subject of a mail, title of a notification.
    private(set) var subject = "Recordatorio"
    /// All else that is said.
    private(set) var text = "Este es tu recordatorio. This is your reminder."
    /// One after the other; mail is one channel, however many addresses it goes to.
    private(set) var channels: [ReminderChannel] = []
    /// Seconds after which a channel that does not answer has failed.
    private(set) var timeoutSeconds = 60

    /// Reads a file: one line a setting, `#` before comments.
    ///
    /// - Throws: ``Flaw``.
    init(parsing bytes: [UInt8]) throws(Flaw) {
        guard bytes.count <= Self.byteCountMax, let file = String(validating: bytes, as: UTF8.self)
        else { throw .line(1) }
        var program = ["/usr/sbin/sendmail"]
        var recipients: [String] = []
        var sender: String?
        for (index, line) in file.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            let (number, line) = (index + 1, line.drop { $0 == " " })
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            let name = line.prefix { $0 != " " }
            let value = String(line.dropFirst(name.count).drop { $0 == " " })
            guard !value.isEmpty, value.unicodeScalars.allSatisfy({ $0.value >= 0x20 }) else {
                throw .line(number)
            }
            switch name {
            case "subject": subject = try Self.words(value, Self.subjectCountMax, number)
            case "text": text = try Self.words(value, Self.textCountMax, number)
            case "timeout":
                guard let seconds = Int(value), (1...Self.timeoutSecondsMax).contains(seconds)
                else { throw .line(number) }
                timeoutSeconds = seconds
            case "sendmail":
                program = value.split(separator: " ").map(String.init)
                guard program[0].hasPrefix("/") else { throw .line(number) }
            case "from":
                guard Self.isAddress(value) else { throw .line(number) }
                sender = value
            case "mail":
                guard Self.isAddress(value), recipients.count < Self.recipientCountMax else {
                    throw .line(number)
                }
                recipients.append(value)
            case "webhook":
                guard ReminderChannel.isWebhook(value) else { throw .line(number) }
                channels.append(.webhook(url: value))
            default: throw .line(number)
            }
        }
        if !recipients.isEmpty {
            channels.insert(.mail(program: program, from: sender, to: recipients), at: 0)
        }
        guard (1...Self.channelCountMax).contains(channels.count) else { throw .empty }
    }

    /// Whether there is a second way that does not fail with the first.
    var hasTwoWays: Bool { Set(channels.map(\.way)).count > 1 }

    /// What a person is told: no more than that.
    private static func words(
        _ text: String,
        _ countMax: Int,
        _ line: Int
    ) throws(Flaw) -> String {
        guard text.utf8.count <= countMax else { throw .line(line) }
        let lower = text.lowercased()
        // What mail programs make a link of.
        guard !["://", "www.", "mailto:"].contains(where: lower.contains) else { throw .link(line) }
        return text
    }

    /// Whether a text is an address that no program takes for an option or for two.
    private static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return text.utf8.count <= addressCountMax && parts.count == 2
            && parts.allSatisfy { !$0.isEmpty } && !text.hasPrefix("-")
            && text.utf8.allSatisfy { byte in
                byte > 0x20 && byte != 0x7f && !Array(#"<>()[]\,;:""#.utf8).contains(byte)
            }
    }
}

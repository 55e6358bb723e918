// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import FoundationEssentials

/// How fetchers reach the outside: closures, which the caller makes of its client and its route.
///
/// Spec: `docs/spec/fetchers.md`, section 2.
package struct FetchNetwork: Sendable {
    /// The longest answer, in bytes.
    package static let answerCountMax = 2 << 20
    /// How many redirections are followed, on one host.
    package static let redirectionCountMax = 3
    /// The longest time that one answer may take, in milliseconds.
    package static let timeoutMilliseconds = 20_000
    /// The most messages of a relay that are read.
    package static let messageCountMax = 200

    /// What a server answered.
    package struct Answer: Sendable {
        package let status: Int
        package let body: [UInt8]
        /// Where a redirection leads.
        package let location: String?

        package init(status: Int, body: [UInt8], location: String? = nil) {
            self.status = status
            self.body = body
            self.location = location
        }
    }

    /// One question, with GET unless there is a body.
    package struct Question: Sendable {
        package let address: WebAddress
        /// What is accepted, and where there is a body, its type.
        package let mediaType: String
        package let body: [UInt8]?
    }

    /// Asks once, without following redirections.
    package let ask: @Sendable (Question) throws(LookFailure) -> Answer
    /// Speaks with a relay: sends the text, and returns the messages up to the one that ends it.
    package let converse:
        @Sendable (WebAddress, String, @Sendable (String) -> Bool) throws(LookFailure) -> [String]
    /// A resolver that answers DNS over HTTPS (RFC 8484).
    package let resolver: WebAddress?
    /// Relays that are asked besides those that an account names.
    package let relays: [WebAddress]
    /// The directory of did:plc.
    package let directory: WebAddress?

    package init(
        ask: @escaping @Sendable (Question) throws(LookFailure) -> Answer,
        converse:
            @escaping @Sendable (
                WebAddress, String, @Sendable (String) -> Bool
            ) throws(LookFailure) -> [String],
        resolver: WebAddress? = nil,
        relays: [WebAddress] = [],
        directory: WebAddress? = nil
    ) {
        self.ask = ask
        self.converse = converse
        self.resolver = resolver
        self.relays = relays
        self.directory = directory
    }

    /// The body of a page, after redirections.
    ///
    /// - Throws: `.notFound`, `.refused`, and as ``ask``.
    func page(_ address: WebAddress, accept mediaType: String) throws(LookFailure) -> [UInt8] {
        var address = address
        for _ in 0...Self.redirectionCountMax {
            let question = Question(address: address, mediaType: mediaType, body: nil)
            let answer = try ask(question)
            switch answer.status {
            case 200: return answer.body
            case 301, 302, 303, 307, 308:
                guard let location = answer.location else { throw .refused }
                address = try address.redirected(to: location)
            case 400, 404, 410: throw .notFound
            default: throw .refused
            }
        }
        throw .refused
    }

    /// A JSON document of a page.
    ///
    /// - Throws: `.malformed`, and as ``page(_:accept:)``.
    func document<Content: Decodable>(
        _ address: WebAddress,
        accept mediaType: String = "application/json",
        as type: Content.Type = Content.self
    ) throws(LookFailure) -> Content {
        try Self.decode(page(address, accept: mediaType))
    }

    /// - Throws: `.malformed`.
    static func decode<Content: Decodable>(
        _ bytes: [UInt8],
        as type: Content.Type = Content.self
    ) throws(LookFailure) -> Content {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw .malformed
        }
    }
}

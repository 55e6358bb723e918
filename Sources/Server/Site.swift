// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// A part of a server: answers some paths and leaves the others to its neighbours.
///
/// What it is asked and what it answers are values, so that nothing behind a site knows how HTTP
/// is spoken.
package protocol Site: Sendable {
    /// Answers one request.
    ///
    /// - Returns: Nil for a path that is not this site's.
    /// - Throws: Refusal for a body that cannot be had; anything else is a fault of the server.
    func answer(_ question: Question) async throws -> Answer?
}

/// One request.
package struct Question: Sendable {
    /// How it is asked; HEAD arrives as GET.
    package enum Method: Sendable {
        case get, post, patch, options
    }

    /// How it is asked.
    package let method: Method
    /// The path as it was sent, without the query: nothing is decoded.
    package let path: String
    /// A header by its name, in any case of letters.
    package let header: @Sendable (_ name: String) -> String?
    /// Reads the whole body, if it has at most so many bytes.
    package let body: @Sendable (_ countMax: Int) async throws -> [UInt8]
    /// Hands over the body piece by piece as it comes.
    package let stream:
        @Sendable (_ take: @escaping @Sendable ([UInt8]) async throws -> Void) async throws -> Void
}

/// Why the body of a request cannot be had.
package enum Refusal: Error, Equatable, Sendable {
    /// It is longer than allowed.
    case tooLong
    /// It comes too slowly.
    case tooSlow
    /// It breaks off, or is not written as HTTP has it.
    case broken
}

/// One response.
package struct Answer: Equatable, Sendable {
    /// How long others may keep the answer.
    package enum Caching: String, Sendable {
        /// Always: it never changes.
        case immutable = "public, max-age=31536000, immutable"
        /// Some seconds.
        case brief = "public, max-age=5"
        /// Not at all.
        case none = "no-store"
    }

    /// What follows the headers.
    package enum Content: Equatable, Sendable {
        /// Bytes that are here.
        case bytes([UInt8])
        /// A part of something that never changes.
        case part(ByteSource, Range<UInt64>)
    }

    /// The HTTP status.
    package let status: Int
    /// The content type.
    package let mediaType: String
    /// How long others may keep it.
    package let caching: Caching
    /// Headers besides.
    package let headers: [String: String]
    /// What follows the headers.
    package let content: Content

    /// Plain text, as C2SP serves notes.
    package static let plainText = "text/plain; charset=utf-8"

    /// A response with these parts.
    package init(
        status: Int = 200,
        mediaType: String = plainText,
        caching: Caching = .none,
        headers: [String: String] = [:],
        content: Content
    ) {
        self.status = status
        self.mediaType = mediaType
        self.caching = caching
        self.headers = headers
        self.content = content
    }

    /// A response with a body that is here.
    package init(
        status: Int = 200,
        mediaType: String = plainText,
        caching: Caching = .none,
        headers: [String: String] = [:],
        body: [UInt8] = []
    ) {
        self.init(
            status: status,
            mediaType: mediaType,
            caching: caching,
            headers: headers,
            content: .bytes(body)
        )
    }

    /// A short text, for errors above all.
    package static func text(_ status: Int, _ text: String) -> Answer {
        Answer(status: status, body: Array((text + "\n").utf8))
    }

    /// The same with more headers.
    func adding(_ more: [String: String]) -> Answer {
        Answer(
            status: status,
            mediaType: mediaType,
            caching: caching,
            headers: headers.merging(more) { $1 },
            content: content
        )
    }
}

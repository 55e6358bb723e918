// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Shows the files of a case to whoever knows its token.
///
/// Spec: `docs/spec/node.md`, section 6.4.
package struct CaseSite: Site {
    private let shelf: DepositShelf

    /// A site.
    package init(_ shelf: DepositShelf) {
        self.shelf = shelf
    }

    /// See ``Site/answer(_:)``.
    package func answer(_ question: Question) async throws -> Answer? {
        let parts = question.path.split(separator: "/", omittingEmptySubsequences: false)
        guard question.method == .get, (3...4).contains(parts.count), parts[1] == "cases",
            let token = UploadSite.secret(parts[2])
        else { return nil }
        if parts.count == 3 {
            let files = try await Blocking.run { [shelf] in try shelf.list(token) }
            guard let files else { return nil }
            let lines = files.map { "\($0.name) \($0.sizeBytes)\n" }
            return Answer(body: Array(lines.joined().utf8))
        }
        let name = String(parts[3])
        let found = try await Blocking.run { [shelf] in try shelf.find(token, name) }
        guard let found else { return nil }
        let range = question.header("Range")
        return Self.answer(found.source, UInt64(found.sizeBytes), range: range)
    }

    /// A file or the part of it that was asked for.
    private static func answer(_ source: ByteSource, _ size: UInt64, range: String?) -> Answer {
        let mediaType = "application/octet-stream"
        guard let range, let (first, last) = bounds(range, size) else {
            return Answer(
                mediaType: mediaType,
                headers: ["Accept-Ranges": "bytes"],
                content: .part(source, 0..<size)
            )
        }
        guard first < size else {
            return Answer(status: 416, headers: ["Content-Range": "bytes */\(size)"])
        }
        return Answer(
            status: 206,
            mediaType: mediaType,
            headers: ["Content-Range": "bytes \(first)-\(last)/\(size)"],
            content: .part(source, first..<(last + 1))
        )
    }

    /// One range, `bytes=FIRST-` or `bytes=FIRST-LAST`; others are ignored, as RFC 9110 allows.
    private static func bounds(_ text: String, _ size: UInt64) -> (UInt64, UInt64)? {
        guard size > 0, text.hasPrefix("bytes=") else { return nil }
        let parts = text.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let first = UInt64(parts[0]) else { return nil }
        if parts[1].isEmpty { return (first, size - 1) }
        guard let last = UInt64(parts[1]), last >= first else { return nil }
        return (first, min(last, size - 1))
    }
}

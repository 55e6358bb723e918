// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import NIOCore
internal import Storage
internal import Synchronization

/// Translates between HTTP and sites.
struct SiteResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    let sites: [any Site]
    let counts: RequestCounts
    let bodySeconds: Int64
    let log: ServerLog

    func respond(to request: Request, context: Context) async throws -> Response {
        let answer: Answer
        var closes = false
        do {
            answer = try await self.answer(request)
        } catch Refusal.tooLong {
            answer = .text(413, "too long")
            closes = true
        } catch Refusal.tooSlow {
            answer = .text(408, "too slow")
            closes = true
        } catch Refusal.broken {
            answer = .text(400, "broken")
            closes = true
        } catch BlobFailure.unreachable {
            answer = .text(503, "the store does not answer").adding(["Retry-After": "30"])
        } catch {
            log.event("fault", ["error": .string("\(type(of: error))")])
            answer = .text(500, "the server failed")
        }
        counts.add(answer.status)
        return response(answer, isHead: request.method == .head, closes: closes)
    }

    private func answer(_ request: Request) async throws -> Answer {
        let method: Question.Method
        switch request.method {
        case .get, .head: method = .get
        case .post: method = .post
        case .patch: method = .patch
        case .options: method = .options
        default: return .text(405, "only GET, HEAD, POST, PATCH and OPTIONS")
        }
        let question = Question(
            method: method,
            path: request.uri.path,
            header: { name in HTTPField.Name(name).flatMap { request.headers[$0] } },
            body: { countMax in try await self.body(of: request, countMax: countMax) },
            stream: { take in try await self.stream(request, take) }
        )
        for site in sites {
            if let answer = try await site.answer(question) { return answer }
        }
        return .text(404, "not here")
    }

    private func body(of request: Request, countMax: Int) async throws -> [UInt8] {
        if let text = request.headers[.contentLength], let count = Int(text), count > countMax {
            throw Refusal.tooLong
        }
        return try await withThrowingTaskGroup(of: [UInt8].self) { group in
            group.addTask {
                do {
                    return Array(buffer: try await request.body.collect(upTo: countMax))
                } catch {
                    throw error is NIOTooManyBytesError ? Refusal.tooLong : Refusal.broken
                }
            }
            group.addTask {
                try await Task.sleep(for: .seconds(bodySeconds))
                throw Refusal.tooSlow
            }
            defer { group.cancelAll() }
            return try await group.next() ?? []
        }
    }

    /// Hands over a body; a line that brings nothing for a while is given up.
    private func stream(
        _ request: Request,
        _ take: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws {
        let last = LastArrival()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                var buffers = request.body.makeAsyncIterator()
                while let buffer = try await Self.next(&buffers) {
                    try await take(Array(buffer: buffer))
                    last.set()
                }
            }
            group.addTask {
                while true {
                    let end = last.time + .seconds(bodySeconds)
                    guard end > .now else { throw Refusal.tooSlow }
                    try await Task.sleep(until: end, clock: .continuous)
                }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private static func next(
        _ buffers: inout RequestBody.AsyncIterator
    ) async throws -> ByteBuffer? {
        do {
            return try await buffers.next()
        } catch {
            // What the other side did to it is no fault of ours.
            throw Refusal.broken
        }
    }

    private func response(_ answer: Answer, isHead: Bool, closes: Bool) -> Response {
        let status = HTTPResponse.Status(code: answer.status)
        var headers = Self.headers(answer)
        let content = isHead ? .bytes([]) : answer.content
        if closes { headers[.connection] = "close" }
        let body = ResponseBody(contentLength: content.count) { writer in
            switch content {
            case .bytes(let bytes): try await writer.write(ByteBuffer(bytes: bytes))
            case .part(let source, let range):
                let step = source.stepCount
                for start in stride(from: range.lowerBound, to: range.upperBound, by: step) {
                    let end = min(start + UInt64(step), range.upperBound)
                    let bytes = try await Self.read(source, start..<end)
                    try await writer.write(ByteBuffer(bytes: bytes))
                }
            }
            try await writer.finish(nil)
            // The rest of the request would be read to its end, which may never come.
            if closes { throw ConnectionEnds() }
        }
        return Response(status: status, headers: headers, body: body)
    }

    private static func headers(_ answer: Answer) -> HTTPFields {
        var headers = HTTPFields()
        if answer.status != 204 {
            headers[.contentType] = answer.mediaType
            headers[.contentLength] = String(answer.content.count)
        }
        headers[.cacheControl] = answer.caching.rawValue
        headers[.xContentTypeOptions] = "nosniff"
        headers[.contentSecurityPolicy] = "default-src 'none'"
        headers[.accessControlAllowOrigin] = "*"
        for (name, value) in answer.headers {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        return headers
    }

    private static func read(
        _ source: ByteSource,
        _ range: Range<UInt64>
    ) async throws -> [UInt8] {
        let bytes = try await Blocking.run { try source.read(range) }
        guard bytes.count == range.count else { throw ConnectionEnds() }
        return bytes
    }

    private struct ConnectionEnds: Error {}
}

/// When something last came.
private final class LastArrival: Sendable {
    private let last = Mutex(ContinuousClock.now)

    var time: ContinuousClock.Instant { last.withLock { $0 } }
    func set() { last.withLock { $0 = .now } }
}

extension Answer.Content {
    /// Bytes in it.
    fileprivate var count: Int {
        switch self {
        case .bytes(let bytes): bytes.count
        case .part(_, let range): range.count
        }
    }
}

// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import NIOCore

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
        default: return .text(405, "only GET, HEAD and POST")
        }
        let question = Question(
            method: method,
            path: request.uri.path,
            body: { countMax in try await self.body(of: request, countMax: countMax) }
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
                } catch is NIOTooManyBytesError {
                    throw Refusal.tooLong
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

    private func response(_ answer: Answer, isHead: Bool, closes: Bool) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = answer.mediaType
        headers[.contentLength] = String(answer.body.count)
        headers[.cacheControl] = answer.caching.rawValue
        headers[.xContentTypeOptions] = "nosniff"
        headers[.contentSecurityPolicy] = "default-src 'none'"
        headers[.accessControlAllowOrigin] = "*"
        let status = HTTPResponse.Status(code: answer.status)
        let bytes = ByteBuffer(bytes: isHead ? [] : answer.body)
        guard closes else {
            return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: bytes))
        }
        // The rest of the request would be read to its end, which may never come.
        headers[.connection] = "close"
        let body = ResponseBody(contentLength: answer.body.count) { writer in
            try await writer.write(bytes)
            try await writer.finish(nil)
            throw ConnectionEnds()
        }
        return Response(status: status, headers: headers, body: body)
    }

    private struct ConnectionEnds: Error {}
}

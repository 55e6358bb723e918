// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Outside

extension LyingServer {
    /// What becomes of an honest server's answer.
    typealias Change = @Sendable (Request, HTTPClient.Response) -> Reply

    /// A server that asks an honest one and passes on what it likes.
    static func between(_ url: String, _ change: @escaping Change) throws -> LyingServer {
        let client = HTTPClient()
        return try LyingServer { request in
            var asked = HTTPClient.Request(
                url: url + request.path,
                body: request.method == "GET" || request.method == "HEAD" ? nil : request.body,
                countMax: 1 << 26,
                timeoutMilliseconds: 30_000
            )
            asked.method = request.method
            asked.headers = request.headers.filter { line in
                ["tus-", "upload-", "content-type", "range"].contains {
                    line.lowercased().hasPrefix($0)
                }
            }
            guard let response = try? client.send(asked) else { return .raw([]) }
            return change(request, response)
        }
    }

    /// The answer as it came, or with another body.
    static func honest(_ response: HTTPClient.Response, body: [UInt8]? = nil) -> Reply {
        let kept = ["location", "upload-offset", "content-range", "tus-resumable"]
        return .status(
            response.status,
            body ?? response.body,
            response.headers.filter { kept.contains($0.key) }.map { "\($0): \($1)" }
        )
    }
}

// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Outside
import Synchronization
import Testing

/// A node that shows one log to some and another log to others: whoever asks is led to one of two
/// servers.
final class TwoFacedNode: Sendable {
    private let server: LyingServer
    private let face: Face

    private final class Face: Sendable {
        let url: Mutex<String>

        init(_ url: String) { self.url = Mutex(url) }
    }

    var url: String { server.url }

    init(_ honest: String) throws {
        let face = Face(honest)
        self.face = face
        server = try LyingServer { request in
            var asked = HTTPClient.Request(
                url: face.url.withLock { $0 } + request.path,
                body: ["GET", "HEAD"].contains(request.method) ? nil : request.body,
                countMax: 1 << 26,
                timeoutMilliseconds: 30_000
            )
            asked.method = request.method
            guard let response = try? HTTPClient().send(asked) else { return .raw([]) }
            return .status(response.status, response.body)
        }
    }

    /// Leads whoever asks from now on to this server.
    func show(_ url: String) { face.url.withLock { $0 = url } }

    func stop() { server.stop() }
}

// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Fetchers

extension FetchNetwork {
    /// A network that is reached with libcurl.
    ///
    /// - Parameters:
    ///   - route: How servers are reached.
    ///   - resolver: For DNS over HTTPS.
    ///   - relays: Of nostr.
    ///   - directory: Of did:plc.
    ///   - timeoutMilliseconds: The longest time that one answer may take.
    package init(
        route: HTTPClient.Route,
        resolver: WebAddress?,
        relays: [WebAddress],
        directory: WebAddress?,
        timeoutMilliseconds: Int = timeoutMilliseconds
    ) {
        let client = HTTPClient(route: route)
        let sockets = WebSocketClient(route: route)
        self.init(
            ask: { (question: Question) throws(LookFailure) -> Answer in
                var request = HTTPClient.Request(
                    url: question.address.text,
                    body: question.body,
                    countMax: Self.answerCountMax,
                    timeoutMilliseconds: timeoutMilliseconds
                )
                request.headers = ["Accept: \(question.mediaType)"]
                if question.body != nil {
                    request.headers.append("Content-Type: \(question.mediaType)")
                }
                do throws(HTTPClient.Failure) {
                    let response = try client.send(request)
                    return Answer(
                        status: response.status,
                        body: response.body,
                        location: response.headers["location"]
                    )
                } catch {
                    throw LookFailure(error)
                }
            },
            converse: {
                (address, text, isLast: (String) -> Bool) throws(LookFailure) -> [String] in
                let question = WebSocketClient.Question(
                    url: address.text,
                    text: text,
                    countMax: Self.answerCountMax,
                    messageCountMax: Self.messageCountMax,
                    timeoutMilliseconds: timeoutMilliseconds
                )
                do throws(HTTPClient.Failure) {
                    return try sockets.ask(question, isLast: isLast)
                } catch {
                    throw LookFailure(error)
                }
            },
            resolver: resolver,
            relays: relays,
            directory: directory
        )
    }
}

extension LookFailure {
    fileprivate init(_ failure: HTTPClient.Failure) {
        self =
            switch failure {
            case .malformedURL: .wrongAddress
            case .unreachable, .cancelled: .unreachable
            case .timedOut: .timedOut
            case .notTrusted: .notTrusted
            case .tooLong: .tooLong
            }
    }
}

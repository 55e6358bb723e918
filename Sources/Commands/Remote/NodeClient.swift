// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Encodings
import Outside
import Statements
import Storage
import TransparencyLog
import Vault

/// Speaks with a node about one case, over connections that serve nothing else.
///
/// Spec: `docs/spec/node.md`, section 6.
struct NodeClient {
    /// Bytes sent or asked for at a time.
    static let stepCount = 4 << 20
    static let timeoutMilliseconds = 60_000
    /// Milliseconds for a step, on a line of 1 KB/s still enough.
    private static let stepTimeoutMilliseconds = 6_000_000
    /// Seconds without a byte after which a line is dead.
    private static let idleSeconds = 20
    private static let listCountMax = 64 << 20
    private static let answerCountMax = 1 << 16
    private static let tus = "Tus-Resumable: 1.0.0"

    let url: String
    let client: HTTPClient

    /// What became of an upload.
    enum Creation {
        /// It goes to this path.
        case begun(String)
        /// The node has the object.
        case present
        /// The case is new there, and the node wants an invitation.
        case notInvited
    }

    // MARK: Asking

    /// The key that the node says its log has: to be believed on first use at most.
    func logKey() throws -> NoteVerifier {
        let body = try get("/\(Remote.logName)/key", countMax: 4096)
        guard let body, let text = String(validating: body, as: UTF8.self),
            let key = try? NoteVerifier(parsing: String(text.prefix { !$0.isNewline }))
        else { throw garbage("/\(Remote.logName)/key") }
        return key
    }

    /// The files of a case with their sizes; none where the node does not know it.
    func list(_ token: [UInt8]) throws -> [String: Int64] {
        let path = "/cases/\(Hex.encode(token))"
        guard let body = try get(path, countMax: Self.listCountMax) else { return [:] }
        var files: [String: Int64] = [:]
        for line in body.split(separator: 0x0a) {
            let words = String(decoding: line, as: UTF8.self).split(separator: " ")
            guard words.count == 2, let size = Int64(words[1]), size >= 0 else {
                throw garbage("/cases/…")
            }
            files[String(words[0])] = size
        }
        return files
    }

    /// A small file of a case, nil if there is none.
    func file(_ token: [UInt8], _ name: String, countMax: Int) throws -> [UInt8]? {
        try get("/cases/\(Hex.encode(token))/\(name)", countMax: countMax)
    }

    /// A part of an object, nil if the node does not have it.
    func part(_ token: [UInt8], _ name: String, from offset: Int64, count: Int) throws -> [UInt8]? {
        var request = HTTPClient.Request(
            url: url + "/cases/\(Hex.encode(token))/\(name)",
            countMax: count,
            timeoutMilliseconds: Self.stepTimeoutMilliseconds
        )
        request.idleSeconds = Self.idleSeconds
        request.headers = ["Range: bytes=\(offset)-\(offset + Int64(count) - 1)"]
        let response = try send(request)
        if response.status == 404 || response.status == 416 { return nil }
        guard response.status == 206, response.body.count == count else {
            throw unexpected(response.status)
        }
        return response.body
    }

    // MARK: Invitations

    /// The proof of the key for invitations, nil if the node gives none out.
    func invitationKey() throws -> [UInt8]? {
        try get("/\(Remote.logName)/invitation-key", countMax: TlogProof.countMax)
    }

    /// What the node gives for a code.
    ///
    /// - Throws: `.notAllowed` for a code that is not good.
    func invitations(for request: InvitationRequest) throws -> InvitationAnswer {
        let response = try send(
            .init(
                url: url + "/invitations",
                body: request.bytes,
                countMax: InvitationAnswer.byteCountMax,
                timeoutMilliseconds: Self.timeoutMilliseconds
            )
        )
        guard response.status == 200 else { throw refused(response) }
        guard let answer = InvitationAnswer(parsing: response.body) else {
            throw garbage("/invitations")
        }
        return answer
    }

    // MARK: Uploading

    /// What the node gives out for one request.
    func nonce() throws -> [UInt8] {
        let response = try send(
            .init(
                url: url + "/nonce",
                body: [],
                countMax: Self.answerCountMax,
                timeoutMilliseconds: Self.timeoutMilliseconds
            )
        )
        let text = String(decoding: response.body.prefix { $0 != 0x0a }, as: UTF8.self)
        guard response.status == 200, let nonce = try? Hex.decode(text),
            nonce.count == UploadStatement.nonceCount
        else { throw unexpected(response.status) }
        return nonce
    }

    /// Begins an upload.
    func create(
        _ offer: DepositOffer,
        token: [UInt8],
        ticket: InvitationTicket? = nil
    ) throws -> Creation {
        var request = HTTPClient.Request(
            url: url + "/cases/\(Hex.encode(token))/uploads",
            body: offer.bytes,
            countMax: Self.answerCountMax,
            timeoutMilliseconds: Self.stepTimeoutMilliseconds
        )
        request.idleSeconds = Self.idleSeconds
        request.headers = [Self.tus, "Upload-Length: \(offer.upload.sizeBytes)"]
        if let ticket { request.headers.append("Resguardo-Invitation: \(ticket.text)") }
        let response = try send(request)
        switch response.status {
        case 201:
            guard let path = response.headers["location"], Self.isUpload(path) else {
                throw unexpected(201)
            }
            return .begun(path)
        case 409: return .present
        case 403 where response.body.starts(with: "notInvited".utf8): return .notInvited
        default: throw refused(response)
        }
    }

    /// Whether this is the path of an upload on the same node: nothing else is ever sent to.
    static func isUpload(_ path: String) -> Bool {
        path.hasPrefix("/uploads/") && path.utf8.count == 73
            && (try? Hex.decode(String(path.dropFirst(9)))) != nil
    }

    /// How much of an upload is there, nil if the node does not know it any more.
    func offset(_ path: String) throws -> Int64? {
        var request = HTTPClient.Request(
            url: url + path,
            countMax: Self.answerCountMax,
            timeoutMilliseconds: Self.timeoutMilliseconds
        )
        request.method = "HEAD"
        request.headers = [Self.tus]
        let response = try send(request)
        if response.status == 404 { return nil }
        if response.status == 507 { throw refused(response) }
        guard response.status == 200, let offset = Int64(response.headers["upload-offset"] ?? "")
        else { throw unexpected(response.status) }
        return offset
    }

    /// Sends a part.
    ///
    /// - Returns: How much is there now; nil where the part did not fit and has to be asked for.
    func append(
        _ bytes: [UInt8],
        at offset: Int64,
        _ path: String,
        onSent: @escaping @Sendable (Int64) -> Void
    ) throws -> Int64? {
        var request = HTTPClient.Request(
            url: url + path,
            body: bytes,
            countMax: Self.answerCountMax,
            timeoutMilliseconds: Self.stepTimeoutMilliseconds
        )
        request.method = "PATCH"
        request.idleSeconds = Self.idleSeconds
        request.onSent = onSent
        request.headers = [
            Self.tus, "Upload-Offset: \(offset)", "Content-Type: application/offset+octet-stream",
        ]
        let response = try send(request)
        switch response.status {
        case 204: return Int64(response.headers["upload-offset"] ?? "")
        case 408, 409, 460: return nil
        default: throw refused(response)
        }
    }

    // MARK: Parts

    func get(_ path: String, countMax: Int) throws -> [UInt8]? {
        let response = try send(
            .init(
                url: url + path,
                countMax: countMax,
                timeoutMilliseconds: Self.timeoutMilliseconds
            )
        )
        switch response.status {
        case 200: return response.body
        case 404: return nil
        default: throw unexpected(response.status)
        }
    }

    func send(_ request: HTTPClient.Request) throws -> HTTPClient.Response {
        do {
            return try client.send(request)
        } catch {
            throw unreachable(HTTPFailureText.text(error))
        }
    }

    private func unreachable(_ reason: Text) -> Failure {
        Failure(
            .cannotReachServer,
            Text(
                en: "the node at \(url) does not answer: \(reason.en)",
                es: "el nodo en \(url) no responde: \(reason.es)"
            ),
            hint: Text(
                en: "nothing is lost: the same command goes on where this one stopped",
                es: "no se perdió nada: la misma orden sigue donde esta se detuvo"
            )
        )
    }

    func unexpected(_ status: Int) -> Failure {
        unreachable(Text(en: "status \(status)", es: "estado \(status)"))
    }

    func garbage(_ path: String) -> Failure {
        unreachable(
            Text(en: "\(path) makes no sense", es: "\(path) no tiene sentido")
        )
    }

    /// What a node said that does not take something.
    func refused(_ response: HTTPClient.Response) -> Failure {
        let word = String(decoding: response.body.prefix(40).prefix { $0 != 0x0a }, as: UTF8.self)
        return Failure(
            response.status == 503 ? .cannotReachServer : .notAllowed,
            Text(
                en: "the node at \(url) does not take it: \(word) (\(response.status))",
                es: "el nodo en \(url) no lo recibe: \(word) (\(response.status))"
            )
        )
    }
}

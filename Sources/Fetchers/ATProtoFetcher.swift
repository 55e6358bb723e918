// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// An account of the AT Protocol (Bluesky and others), by its DID.
///
/// Spec: `docs/spec/fetchers.md`, section 3.3; atproto.com/specs/handle, /did.
package enum ATProtoFetcher: AccountFetcher {
    package static let platform = "atproto"
    private static let postCount = 20
    private static let didCountMax = 256

    private struct Document: Decodable {
        struct Service: Decodable {
            let id: String
            let type: String
            let serviceEndpoint: String
        }

        let id: String
        let alsoKnownAs: [String]?
        let service: [Service]?
    }

    private struct Record<Value: Decodable>: Decodable {
        let uri: String
        let value: Value
    }

    private struct Profile: Decodable {
        let displayName: String?
        let description: String?
    }

    private struct Listing: Decodable {
        struct Text: Decodable {
            let text: String?
        }

        let records: [Record<Text>]
    }

    /// The DID of a handle: from its TXT record, or else from its web page.
    package static func resolve(
        _ name: String,
        _ network: FetchNetwork
    ) throws(LookFailure) -> String {
        let handle = name.lowercased()
        let address = try WebAddress(host: handle, path: "/.well-known/atproto-did")
        guard address.host == handle, !handle.contains(":") else { throw .wrongAddress }
        if network.resolver != nil {
            let records = try DomainFetcher.texts(at: "_atproto.\(handle)", network)
                .filter { $0.hasPrefix("did=") }
            // Two answers are none: the protocol says so.
            guard records.count <= 1 else { throw .malformed }
            if let record = records.first { return try checked(String(record.dropFirst(4))) }
        }
        let page = try network.page(address, accept: "text/plain")
        guard page.count <= didCountMax else { throw .malformed }
        let text = String(decoding: page, as: UTF8.self)
        return try checked(text.split { $0.isWhitespace }.joined(separator: " "))
    }

    package static func view(
        _ id: String,
        _ network: FetchNetwork
    ) throws(LookFailure) -> AccountView {
        let document: Document = try network.document(documentAddress(checked(id), network))
        guard document.id == id else { throw .otherAccount }
        let service = document.service?.first { service in
            service.type == "AtprotoPersonalDataServer"
                && (service.id == "#atproto_pds" || service.id == "\(id)#atproto_pds")
        }
        guard let service else { throw .malformed }
        let server = try WebAddress(service.serviceEndpoint)
        return AccountView(
            account: try AccountFetchers.account(platform, id),
            handle: try handle(document, network),
            profile: try profile(id, server, network),
            posts: try posts(id, server, network)
        )
    }

    /// The handle that the document claims, if the handle says the same.
    private static func handle(
        _ document: Document,
        _ network: FetchNetwork
    ) throws(LookFailure) -> String? {
        let names = (document.alsoKnownAs ?? []).filter { $0.hasPrefix("at://") }
        guard let name = names.first?.dropFirst(5).lowercased() else { return nil }
        do throws(LookFailure) {
            return try resolve(name, network) == document.id ? name : nil
        } catch .notFound where network.resolver == nil {
            // Names that are shown by TXT records have no such page: without a resolver, nobody
            // knows.
            throw .noService
        } catch .notFound, .wrongAddress, .malformed {
            return nil
        } catch {
            throw error
        }
    }

    private static func profile(
        _ id: String,
        _ server: WebAddress,
        _ network: FetchNetwork
    ) throws(LookFailure) -> [String] {
        let query = "repo=\(id)&collection=app.bsky.actor.profile&rkey=self"
        let address = try method("com.atproto.repo.getRecord?\(query)", of: server)
        do throws(LookFailure) {
            let record: Record<Profile> = try network.document(address)
            guard record.uri.hasPrefix("at://\(id)/") else { throw LookFailure.otherAccount }
            return [record.value.displayName, record.value.description].compactMap { $0 }
        } catch .notFound {
            // Nobody has to have a profile.
            return []
        }
    }

    private static func posts(
        _ id: String,
        _ server: WebAddress,
        _ network: FetchNetwork
    ) throws(LookFailure) -> [AccountView.Post] {
        let query = "repo=\(id)&collection=app.bsky.feed.post&limit=\(postCount)"
        let address = try method("com.atproto.repo.listRecords?\(query)", of: server)
        let listing: Listing = try network.document(address)
        guard listing.records.allSatisfy({ $0.uri.hasPrefix("at://\(id)/") }) else {
            throw .otherAccount
        }
        return listing.records.map { AccountView.Post(id: $0.uri, text: $0.value.text ?? "") }
    }

    private static func method(
        _ name: String,
        of server: WebAddress
    ) throws(LookFailure) -> WebAddress {
        try WebAddress(host: server.host, path: "/xrpc/\(name)")
    }

    private static func documentAddress(
        _ did: String,
        _ network: FetchNetwork
    ) throws(LookFailure) -> WebAddress {
        if did.hasPrefix("did:web:") {
            return try WebAddress(host: did.dropFirst(8), path: "/.well-known/did.json")
        }
        guard let directory = network.directory else { throw .noService }
        return try WebAddress(host: directory.host, path: "/\(did)")
    }

    /// A DID of the two methods that the protocol has.
    private static func checked(_ did: String) throws(LookFailure) -> String {
        let parts = did.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "did" else { throw .wrongAddress }
        let isPlain = parts[2].utf8.allSatisfy { byte in
            (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2d
                || byte == 0x2e
        }
        let isKnown = parts[1] == "web" || parts[1] == "plc" && parts[2].utf8.count == 24
        guard isPlain, isKnown, !parts[2].isEmpty else { throw .wrongAddress }
        return did
    }
}

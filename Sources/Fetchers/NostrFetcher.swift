// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings

/// A key of nostr, by its 64 hexadecimal digits.
///
/// Spec: `docs/spec/fetchers.md`, section 3.5; NIP-01, NIP-05, NIP-19.
package enum NostrFetcher: AccountFetcher {
    package static let platform = "nostr"
    private static let eventCount = 20
    private static let keyPrefix = "npub"

    private struct Names: Decodable {
        let names: [String: String]
    }

    private struct Profile: Decodable {
        let nip05: String?
    }

    /// The key of a name as `user@domain`, or of `npub1…`.
    package static func resolve(
        _ name: String,
        _ network: FetchNetwork
    ) throws(LookFailure) -> String {
        if name.hasPrefix("\(keyPrefix)1") {
            // Where a letter is wrong does not matter.
            guard let decoded = try? Bech32.decode(Array(name.utf8)),
                decoded.prefix == keyPrefix, decoded.bytes.count == 32
            else { throw .wrongAddress }
            return Hex.encode(decoded.bytes)
        }
        let parts = name.lowercased().split(separator: "@", omittingEmptySubsequences: false)
        let isPlain = parts.first?.utf8.allSatisfy { byte in
            (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte)
                || [0x2d, 0x2e, 0x5f].contains(byte)
        }
        guard parts.count == 2, isPlain == true, !parts[0].isEmpty else { throw .wrongAddress }
        let path = "/.well-known/nostr.json?name=\(parts[0])"
        let address = try WebAddress(host: parts[1], path: path)
        let names: Names = try network.document(address)
        guard let key = names.names[String(parts[0])] else { throw .notFound }
        return try checked(key)
    }

    package static func view(
        _ id: String,
        _ network: FetchNetwork
    ) throws(LookFailure) -> AccountView {
        let events = try events(of: checked(id), network)
        let profile = events.filter { $0.kind == NostrEvent.profileKind }
            .max { ($0.created_at, $0.id) < ($1.created_at, $1.id) }
        let notes = events.filter { $0.kind == NostrEvent.noteKind }
            .sorted { ($0.created_at, $0.id) > ($1.created_at, $1.id) }
        return AccountView(
            account: try AccountFetchers.account(platform, id),
            handle: try handle(profile, id, network),
            profile: [profile?.content].compactMap { $0 },
            posts: notes.map { AccountView.Post(id: $0.id, text: $0.content) }
        )
    }

    /// The name that the profile claims, if the name leads to the key.
    private static func handle(
        _ profile: NostrEvent?,
        _ id: String,
        _ network: FetchNetwork
    ) throws(LookFailure) -> String? {
        guard let profile,
            // A profile may be any text.
            let name = try? FetchNetwork.decode(Array(profile.content.utf8), as: Profile.self).nip05
        else { return nil }
        do throws(LookFailure) {
            return try resolve(name, network) == id ? name.lowercased() : nil
        } catch .notFound, .wrongAddress, .malformed {
            return nil
        } catch {
            throw error
        }
    }

    /// Events of a key from all relays, each once; one relay that answers is enough.
    private static func events(
        of key: String,
        _ network: FetchNetwork
    ) throws(LookFailure) -> [NostrEvent] {
        guard !network.relays.isEmpty else { throw .noService }
        let filter = #"{"authors":["\#(key)"],"kinds":[0,1],"limit":\#(eventCount)}"#
        var events: [String: NostrEvent] = [:]
        var failure: LookFailure?
        var hasAnswer = false
        for relay in network.relays {
            do throws(LookFailure) {
                let messages = try network.converse(relay, #"["REQ","look",\#(filter)]"#) { text in
                    if case .end? = try? FetchNetwork.decode(
                        Array(text.utf8),
                        as: NostrMessage.self
                    ) {
                        return true
                    }
                    return false
                }
                for event in try self.events(in: messages, of: key) { events[event.id] = event }
                hasAnswer = true
            } catch {
                failure = error
            }
        }
        if let failure, !hasAnswer || failure == .forged { throw failure }
        return Array(events.values)
    }

    private static func events(
        in messages: [String],
        of key: String
    ) throws(LookFailure) -> [NostrEvent] {
        var events: [NostrEvent] = []
        for text in messages {
            guard
                case .event(let event) = try FetchNetwork.decode(
                    Array(text.utf8),
                    as: NostrMessage.self
                )
            else { continue }
            guard event.pubkey == key else { throw .otherAccount }
            guard event.isValid else { throw .forged }
            events.append(event)
        }
        return events
    }

    private static func checked(_ key: String) throws(LookFailure) -> String {
        // Upper case would be a second id of the same key.
        guard key.utf8.count == 64, (try? Hex.decode(key)) != nil else { throw .wrongAddress }
        return key
    }
}

// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// An account of Mastodon and its relatives, by the address of its actor.
///
/// Spec: `docs/spec/fetchers.md`, section 3.4; W3C ActivityPub; RFC 7033.
package enum ActivityPubFetcher: AccountFetcher {
    package static let platform = "activitypub"
    private static let mediaType = "application/activity+json"
    private static let webFingerType = "application/jrd+json"
    private static let postCount = 20

    private struct Finger: Decodable {
        struct Link: Decodable {
            let rel: String
            let type: String?
            let href: String?
        }

        let links: [Link]
    }

    private struct Actor: Decodable {
        struct Field: Decodable {
            let name: String?
            let value: String?
        }

        let id: String
        let preferredUsername: String?
        let summary: String?
        let attachment: [Field]?
        let outbox: String?
        let movedTo: String?
    }

    /// A collection or a page of it.
    private struct Collection: Decodable {
        let first: Reference?
        let orderedItems: [Activity]?
    }

    /// An address, or the thing itself.
    private enum Reference: Decodable {
        case address(String)
        case page([Activity])

        private struct Page: Decodable {
            let orderedItems: [Activity]?
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self = .address(text)
            } else {
                self = .page(try container.decode(Page.self).orderedItems ?? [])
            }
        }
    }

    /// Something that an actor did; only that it wrote something is read.
    private struct Activity: Decodable {
        struct Note: Decodable {
            let id: String
            let attributedTo: String
            let content: String?
        }

        let note: Note?
        let actor: String?

        private enum Keys: String, CodingKey {
            case type, actor, object
        }

        init(from decoder: any Decoder) throws {
            // Items may be mere addresses, and others' posts that were passed on.
            guard let container = try? decoder.container(keyedBy: Keys.self),
                try container.decodeIfPresent(String.self, forKey: .type) == "Create"
            else {
                (note, actor) = (nil, nil)
                return
            }
            actor = try? container.decode(String.self, forKey: .actor)
            note = try? container.decode(Note.self, forKey: .object)
        }
    }

    /// The actor of a name as `user@host`.
    package static func resolve(
        _ name: String,
        _ network: FetchNetwork
    ) throws(LookFailure) -> String {
        let parts = name.drop { $0 == "@" }.split(
            separator: "@",
            omittingEmptySubsequences: false
        )
        let isPlain = parts.first?.utf8.allSatisfy { byte in
            (0x61...0x7a).contains(byte | 0x20) || (0x30...0x39).contains(byte)
                || [0x2d, 0x2e, 0x5f].contains(byte)
        }
        guard parts.count == 2, isPlain == true, !parts[0].isEmpty else { throw .wrongAddress }
        let path = "/.well-known/webfinger?resource=acct:\(parts[0])@\(parts[1])"
        let address = try WebAddress(host: parts[1], path: path)
        let finger: Finger = try network.document(address, accept: webFingerType)
        let link = finger.links.first { link in
            link.rel == "self"
                && (link.type == mediaType || link.type?.hasPrefix("application/ld+json") == true)
        }
        guard let target = link?.href else { throw .notFound }
        return try WebAddress(target).text
    }

    package static func view(
        _ id: String,
        _ network: FetchNetwork
    ) throws(LookFailure) -> AccountView {
        let address = try WebAddress(id)
        guard address.text == id else { throw .wrongAddress }
        let actor: Actor = try network.document(address, accept: mediaType)
        // An actor that has moved speaks elsewhere now.
        guard actor.id == id, actor.movedTo == nil else { throw .otherAccount }
        let fields = (actor.attachment ?? []).flatMap { [$0.name, $0.value] }
        return AccountView(
            account: try AccountFetchers.account(platform, id),
            handle: try handle(actor, address, network),
            profile: ([actor.summary] + fields).compactMap { $0 },
            posts: try posts(actor, address, network)
        )
    }

    /// The name of an actor, if the name leads to it.
    private static func handle(
        _ actor: Actor,
        _ address: WebAddress,
        _ network: FetchNetwork
    ) throws(LookFailure) -> String? {
        guard let name = actor.preferredUsername else { return nil }
        let handle = "\(name)@\(address.host)"
        do throws(LookFailure) {
            return try resolve(handle, network) == actor.id ? handle : nil
        } catch .notFound, .wrongAddress, .malformed {
            return nil
        } catch {
            throw error
        }
    }

    private static func posts(
        _ actor: Actor,
        _ address: WebAddress,
        _ network: FetchNetwork
    ) throws(LookFailure) -> [AccountView.Post] {
        guard let outbox = actor.outbox else { return [] }
        let collection = try collection(outbox, address, network)
        var activities = collection.orderedItems ?? []
        switch collection.first {
        case .address(let page):
            activities += try self.collection(page, address, network).orderedItems ?? []
        case .page(let items): activities += items
        case nil: break
        }
        let own = activities.compactMap { activity in
            activity.actor == actor.id && activity.note?.attributedTo == actor.id
                ? activity.note : nil
        }
        return own.prefix(postCount).map {
            AccountView.Post(id: $0.id, text: $0.content ?? "")
        }
    }

    /// What stands on the actor's own server.
    private static func collection(
        _ text: String,
        _ actor: WebAddress,
        _ network: FetchNetwork
    ) throws(LookFailure) -> Collection {
        let address = try WebAddress(text)
        guard address.host == actor.host else { throw .refused }
        return try network.document(address, accept: mediaType)
    }
}

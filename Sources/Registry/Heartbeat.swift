// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
package import Sodium

/// What a subject tells a keeper: that it lives, or which keys will say so.
///
/// All messages have one size. Who sees them sealed cannot tell which is which, nor which of two
/// keys signed: one of them says that somebody stands behind the subject.
///
/// Spec: `docs/spec/heartbeats.md`, section 2.
package enum HeartbeatMessage: Equatable, Sendable {
    case pledge(HeartbeatPledge)
    case heartbeat(Heartbeat)

    /// Bytes in a message.
    package static let byteCount = 192

    /// Reads a message.
    ///
    /// - Returns: `nil` for anything but what ``bytes`` writes.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.byteCount, let kind = bytes.first else { return nil }
        switch kind {
        case 1:
            guard let pledge = HeartbeatPledge(Array(bytes.dropFirst())) else { return nil }
            self = .pledge(pledge)
        case 2:
            guard let heartbeat = Heartbeat(Array(bytes.dropFirst())) else { return nil }
            self = .heartbeat(heartbeat)
        default: return nil
        }
        guard self.bytes == bytes else { return nil }
    }

    /// kind ‖ body ‖ signature ‖ zeros.
    package var bytes: [UInt8] {
        let filled =
            switch self {
            case .pledge(let pledge): [1] + pledge.body + pledge.signature
            case .heartbeat(let heartbeat): [2] + heartbeat.body + heartbeat.signature
            }
        return filled + [UInt8](repeating: 0, count: Self.byteCount - filled.count)
    }
}

/// A sign of life.
///
/// Spec: `docs/spec/heartbeats.md`, section 2.2.
package struct Heartbeat: Equatable, Sendable {
    private static let domain = Array("resguardo-registry/heartbeat/v1\n".utf8)

    /// The subject.
    package let subject: RegistryID
    /// Counts up, so that an old one cannot be sent again.
    package let number: UInt64
    /// Midnight of the day, seconds since 1970.
    package let date: Int64
    /// SHA-256 of the id of the newest post.
    package let newestPost: RegistryID
    let signature: [UInt8]

    /// Signs a heartbeat, with the device's key or the other.
    package init(
        subject: RegistryID,
        number: UInt64,
        date: Int64,
        newestPost: RegistryID,
        key: borrowing Ed25519.SecretKey
    ) {
        self.subject = subject
        self.number = number
        self.date = date
        self.newestPost = newestPost
        let body = Self.body(subject, number, date, newestPost)
        signature = key.sign(Self.domain + body)
    }

    fileprivate init?(_ bytes: [UInt8]) {
        subject = RegistryID(Array(bytes[..<32]))
        number = bytes[32..<40].reduce(0) { $0 << 8 | UInt64($1) }
        let time = bytes[40..<48].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard time <= UInt64(JSONValue.integerMax) else { return nil }
        date = Int64(time)
        newestPost = RegistryID(Array(bytes[48..<80]))
        signature = Array(bytes[80..<144])
    }

    var body: [UInt8] { Self.body(subject, number, date, newestPost) }

    private static func body(
        _ subject: RegistryID,
        _ number: UInt64,
        _ date: Int64,
        _ newestPost: RegistryID
    ) -> [UInt8] {
        subject.bytes + number.bigEndianBytes + UInt64(date).bigEndianBytes + newestPost.bytes
    }

    func isSigned(by key: RegistryID) -> Bool {
        RegistryKey(bytes: key.bytes).key.isValid(
            signature: signature,
            of: Self.domain + body
        )
    }
}

/// Which keys a subject's heartbeats will be signed with, and what to do when it is not free.
///
/// Spec: `docs/spec/heartbeats.md`, section 2.1.
package struct HeartbeatPledge: Equatable, Sendable {
    private static let domain = Array("resguardo-registry/heartbeat-pledge/v1\n".utf8)
    /// The longest delay, in hours.
    package static let delayHoursMax: UInt64 = 720

    /// The subject.
    package let subject: RegistryID
    /// Key of heartbeats that mean what they say.
    package let device: RegistryID
    /// Key of heartbeats that were forced.
    package let duress: RegistryID
    /// Hours from a forced heartbeat to the suspension.
    package let delayHours: UInt64
    let signature: [UInt8]

    /// Signs a pledge with the subject's key.
    package init(
        subject: RegistryID,
        device: RegistryID,
        duress: RegistryID,
        delayHours: UInt64,
        key: borrowing Ed25519.SecretKey
    ) {
        precondition(delayHours <= Self.delayHoursMax, "a month at most")
        self.subject = subject
        self.device = device
        self.duress = duress
        self.delayHours = delayHours
        let body = Self.body(subject, device, duress, delayHours)
        signature = key.sign(Self.domain + body)
    }

    fileprivate init?(_ bytes: [UInt8]) {
        subject = RegistryID(Array(bytes[..<32]))
        device = RegistryID(Array(bytes[32..<64]))
        duress = RegistryID(Array(bytes[64..<96]))
        delayHours = bytes[96..<104].reduce(0) { $0 << 8 | UInt64($1) }
        signature = Array(bytes[104..<168])
        guard delayHours <= Self.delayHoursMax, device != duress else { return nil }
    }

    var body: [UInt8] { Self.body(subject, device, duress, delayHours) }

    private static func body(
        _ subject: RegistryID,
        _ device: RegistryID,
        _ duress: RegistryID,
        _ delayHours: UInt64
    ) -> [UInt8] {
        subject.bytes + device.bytes + duress.bytes + delayHours.bigEndianBytes
    }

    /// Whether the subject's key of today signed it.
    package func isSigned(by key: RegistryKey) -> Bool {
        key.key.isValid(signature: signature, of: Self.domain + body)
    }
}

// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Encodings

/// What silence amounts to.
///
/// Spec: `docs/spec/heartbeats.md`, section 3.
package enum Liveness: String, Sendable, CaseIterable {
    /// Heard from.
    case alive
    /// Not heard from for three weeks.
    case stale
    /// Not heard from for four weeks: to be suspended.
    case silent
    /// Not heard from for sixty days.
    case lapsed
    /// A heartbeat was forced, and the delay that the subject chose is over: to be suspended.
    case forced

    /// Days of silence from which each holds.
    package static let staleDays: Int64 = 21
    package static let silentDays: Int64 = 28
    package static let lapsedDays: Int64 = 60
}

/// What a keeper knows of a subject.
///
/// Spec: `docs/spec/heartbeats.md`, section 3.
package struct HeartbeatRecord: Equatable, Sendable {
    /// Why a message is not taken.
    package enum Refusal: String, Error, Sendable, CaseIterable {
        /// No pledge of this subject is known.
        case noPledge = "no-pledge"
        /// Neither key of the pledge signed it, or not the subject's.
        case notSigned = "not-signed"
        /// It was sent before.
        case repeated
        /// Its date is in the future, or more than 30 days old.
        case wrongDate = "wrong-date"
    }

    private static let hour: Int64 = 3600
    private static let day = RegistryState.day

    /// The pledge in force.
    package private(set) var device: RegistryID
    package private(set) var duress: RegistryID
    package private(set) var delayHours: UInt64
    /// When it was last heard from, seconds since 1970.
    package private(set) var heardAt: Int64
    private var number: UInt64 = 0
    /// When the first forced heartbeat came, seconds since 1970.
    private var forcedAt: Int64?

    /// A subject that has just pledged itself.
    ///
    /// - Throws: `.notSigned` unless `key` signed the pledge.
    package init(
        _ pledge: HeartbeatPledge,
        signedBy key: RegistryKey,
        at time: Int64
    ) throws(Refusal) {
        guard pledge.isSigned(by: key) else { throw .notSigned }
        device = pledge.device
        duress = pledge.duress
        delayHours = pledge.delayHours
        heardAt = time
    }

    /// Takes a heartbeat in.
    ///
    /// The answer is the same for both keys.
    package mutating func take(_ heartbeat: Heartbeat, at time: Int64) throws(Refusal) {
        // Both are looked at, so that the time does not tell which it was.
        let isFree = heartbeat.isSigned(by: device)
        let isForced = heartbeat.isSigned(by: duress)
        guard isFree || isForced else { throw .notSigned }
        guard heartbeat.number > number else { throw .repeated }
        let ageMax = RegistryState.ageDaysMax * Self.day
        guard heartbeat.date <= time, heartbeat.date > time - ageMax else { throw .wrongDate }
        number = heartbeat.number
        heardAt = max(heardAt, heartbeat.date)
        if isForced, forcedAt == nil { forcedAt = time }
    }

    /// How the subject is at a moment.
    package func liveness(at time: Int64) -> Liveness {
        if let forcedAt, time >= forcedAt + Int64(delayHours) * Self.hour { return .forced }
        switch (time - heardAt) / Self.day {
        case ..<Liveness.staleDays: return .alive
        case ..<Liveness.silentDays: return .stale
        case ..<Liveness.lapsedDays: return .silent
        default: return .lapsed
        }
    }

    /// The object that remembers it.
    package var json: JSONValue {
        var members: [String: JSONValue] = [
            "delay": .integer(Int64(delayHours)), "device": .string(device.hex),
            "duress": .string(duress.hex), "heard": .integer(heardAt),
            "number": .string(String(number)),
        ]
        // Always there: a file must not show by its size what it says.
        members["forced"] = .string(forcedAt.map { Self.padded($0) } ?? Self.padded(0))
        return .object(members)
    }

    /// Reads what ``json`` writes; `nil` for anything else.
    package init?(_ json: JSONValue) {
        guard json.object?.count == 6,
            let delay = json["delay"]?.integer,
            (0...Int64(HeartbeatPledge.delayHoursMax)).contains(delay),
            let device = json["device"]?.string.flatMap({ RegistryID(hex: $0) }),
            let duress = json["duress"]?.string.flatMap({ RegistryID(hex: $0) }),
            let heard = json["heard"]?.integer,
            let number = json["number"]?.string.flatMap({ UInt64($0) }),
            let forced = json["forced"]?.string.flatMap({ Int64($0) })
        else { return nil }
        self.device = device
        self.duress = duress
        delayHours = UInt64(delay)
        heardAt = heard
        self.number = number
        forcedAt = forced == 0 ? nil : forced
    }

    private static func padded(_ time: Int64) -> String {
        let digits = String(time)
        return String(repeating: "0", count: max(0, 16 - digits.utf8.count)) + digits
    }
}

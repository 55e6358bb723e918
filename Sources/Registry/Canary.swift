// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Statements

/// How long nobody has heard the canary of a subject.
///
/// Spec: `docs/spec/registry.md`, section 3.18.
package enum Silence: Int, Sendable, Comparable {
    /// Its last word is not overdue, or it promised none.
    case none
    /// Overdue: it shows no badge.
    case stale
    /// Overdue for long: it is suspended.
    case silent
    /// Overdue so long that it starts anew when it comes back.
    case lapsed

    package static func < (left: Silence, right: Silence) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// What a subject promised to say now and then, and when it was heard.
///
/// Spec: `docs/spec/registry.md`, section 3.18.
package struct Canary: Sendable {
    /// So long after the subject showed a key that no thief has it may promise something else.
    static let freeSeconds: Int64 = 14 * RegistryState.day

    /// A promise, and what follows from breaking it by the charter of its day.
    struct Promise: Sendable {
        let anchor: RegistryID
        /// Seconds after the last word: when the next one is due, and what it is from then on.
        let dueSeconds: Int64
        let staleSeconds: Int64
        let silentSeconds: Int64
        let lapsedSeconds: Int64

        init(_ promise: CanaryStatement.Promise, _ limits: RegistryLimits) {
            let day = RegistryState.day
            anchor = RegistryID(promise.anchor)
            dueSeconds = Int64(promise.everyDays) * day
            staleSeconds = dueSeconds + Int64(limits[.staleDays]) * day
            silentSeconds = dueSeconds + Int64(limits[.silentDays]) * day
            lapsedSeconds = dueSeconds + Int64(limits[.lapsedDays]) * day
        }

        func silence(after seconds: Int64) -> Silence {
            if seconds >= lapsedSeconds { return .lapsed }
            if seconds >= silentSeconds { return .silent }
            return seconds >= staleSeconds ? .stale : .none
        }
    }

    /// From when a promise holds; `nil` for none.
    struct Span: Sendable {
        let since: Int64
        let promise: Promise?
    }

    /// The subject was heard.
    struct Sign: Sendable {
        /// When the log learnt of it.
        let since: Int64
        /// The day of it.
        let heard: Int64
        /// Whether it had been silent so long that nothing from before counts.
        let isReturn: Bool
    }

    private(set) var spans: [Span] = []
    private(set) var signs: [Sign] = []
    /// The last word, or the anchor.
    private var word: RegistryID?
    /// When the log learnt of ``word``; `nil` for the anchor.
    private var wordCameAt: Int64?
    /// Until when the subject may replace what it promised.
    private var freeUntil = Int64.min

    init() {}

    /// The promise that holds at the end of what was read.
    private var promise: Promise? { spans.last?.promise }

    /// The last word, or the anchor; `nil` while nothing is promised.
    package var lastWord: RegistryID? { promise == nil ? nil : word }

    /// First moment at which the next word is due, seconds since 1970; `nil` for none.
    package var dueAt: Int64? {
        guard let promise, let sign = signs.last else { return nil }
        return sign.heard + promise.dueSeconds
    }

    /// How long nothing was heard at a moment.
    package func silence(at time: Int64) -> Silence {
        guard let promise = spans.last(where: { $0.since <= time })?.promise,
            let sign = signs.last(where: { $0.since <= time })
        else { return .none }
        return promise.silence(after: time - sign.heard)
    }

    /// Controls and vouches from before this moment count no more at `time`.
    func floor(at time: Int64) -> Int64 {
        if silence(at: time) == .lapsed { return .max }
        return signs.last { $0.isReturn && $0.since <= time }?.since ?? .min
    }

    /// The moments at which something can change.
    var moments: [Int64] {
        let promises = spans.compactMap(\.promise)
        return spans.map(\.since)
            + signs.flatMap { sign in
                promises.flatMap { promise in
                    [promise.staleSeconds, promise.silentSeconds, promise.lapsedSeconds]
                        .map { sign.heard + $0 }
                } + [sign.since]
            }
    }

    // MARK: Changes

    /// A promise, or its end.
    ///
    /// - Parameters:
    ///   - promise: What is promised from now on; `nil` ends it.
    ///   - day: The day of the statement.
    ///   - clock: The day of the log.
    /// - Throws: `.noCanary` when there is nothing to end; `.canaryStands` while a thief of the key
    ///   could say as much.
    mutating func hold(
        _ promise: Promise?,
        on day: Int64,
        at clock: Int64
    ) throws(Refusal) {
        if self.promise == nil {
            guard promise != nil else { throw .noCanary }
        } else {
            guard clock < freeUntil else { throw .canaryStands }
        }
        // First, so that what lapsed under the old promise starts anew.
        hear(on: day, at: clock)
        spans.append(Span(since: clock, promise: promise))
        (word, wordCameAt, freeUntil) = (promise?.anchor, nil, .min)
    }

    /// A word was said.
    ///
    /// The last one counts again if its day is later, up to the day on which the log learnt of it:
    /// by then it had been said. So whoever hands it in with too early a day takes nothing away.
    ///
    /// - Parameters:
    ///   - statement: With the word.
    ///   - clock: The day of the log.
    /// - Returns: False for what does not follow the last word, and for what says nothing new.
    mutating func hear(_ statement: AliveStatement, at clock: Int64) -> Bool {
        guard let last = lastWord else { return false }
        let said = RegistryID(statement.word)
        if said == last, let wordCameAt {
            let day = min(statement.head.date, wordCameAt)
            guard let heard = signs.last?.heard, heard < day else { return false }
            hear(on: day, at: clock)
            return true
        }
        guard statement.follows(last.bytes) else { return false }
        (word, wordCameAt) = (said, clock)
        hear(on: statement.head.date, at: clock)
        return true
    }

    /// The promised key was shown: its owner is there, and may promise something else.
    mutating func rotate(on day: Int64, at clock: Int64) {
        recover(at: clock)
        if promise != nil { hear(on: day, at: clock) }
    }

    /// Guardians gave the subject another key.
    mutating func recover(at clock: Int64) {
        freeUntil = clock + Self.freeSeconds
    }

    private mutating func hear(on day: Int64, at clock: Int64) {
        let isReturn = silence(at: clock) == .lapsed
        let heard = max(day, signs.last?.heard ?? day)
        signs.append(Sign(since: clock, heard: heard, isReturn: isReturn))
    }
}

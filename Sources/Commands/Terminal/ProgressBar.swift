// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Shows how far a long piece of work is, once it has taken more than two seconds.
///
/// Draws on a terminal only. May be advanced from any thread.
package final class ProgressBar: Sendable {
    /// What a run of less than this shows is nothing.
    package static let silence = Duration.seconds(2)
    /// The time between two drawings.
    private static let interval = Duration.milliseconds(200)

    // Owned by `state`'s lock.
    private struct State {
        var done: Int64 = 0
        var lastDrawn: ContinuousClock.Instant?
    }

    private let label: String
    private let total: Int64?
    private let language: Language
    private let isShown: Bool
    private let start = ContinuousClock.now
    private let state = Mutex(State())

    init(label: String, total: Int64?, language: Language, isShown: Bool) {
        self.label = label
        self.total = total
        self.language = language
        self.isShown = isShown
    }

    /// Adds `count` bytes to what is done.
    package func advance(by count: Int64) {
        guard isShown else { return }
        state.withLock { state in
            state.done += count
            let now = ContinuousClock.now
            guard now - start > Self.silence else { return }
            if let last = state.lastDrawn, now - last < Self.interval { return }
            state.lastDrawn = now
            let text = Self.render(
                label: label,
                done: state.done,
                total: total,
                elapsed: now - start,
                language: language
            )
            Terminal.write("\r\u{1b}[K" + text.prefix(max(Terminal.columns - 1, 10)), to: .error)
        }
    }

    /// Takes the bar off the screen.
    package func finish() {
        state.withLock { state in
            guard state.lastDrawn != nil else { return }
            state.lastDrawn = nil
            Terminal.write("\r\u{1b}[K", to: .error)
        }
    }

    /// The bar's line: label, share, amount, rate and time left.
    package static func render(
        label: String,
        done: Int64,
        total: Int64?,
        elapsed: Duration,
        language: Language
    ) -> String {
        let milliseconds = max(
            1,
            elapsed.components.seconds * 1000
                + elapsed.components.attoseconds / 1_000_000_000_000_000
        )
        let rate = Int64(Double(done) * 1000 / Double(milliseconds))
        var parts = [label]
        if let total, total > 0 {
            let share = min(100, Int(Double(done) * 100 / Double(total)))
            let filled = share / 5
            let bar =
                String(repeating: "█", count: filled) + String(repeating: "░", count: 20 - filled)
            parts += [bar, "\(share) %"]
        }
        parts.append(amount(done, language) + ", " + amount(rate, language) + "/s")
        if let total, total > done, rate > 0 {
            let left = Text(
                en: "\(clock((total - done) / rate)) left",
                es: "faltan \(clock((total - done) / rate))"
            )
            parts.append(left[language])
        }
        return parts.joined(separator: "  ")
    }

    /// A number of bytes with three digits or so.
    package static func amount(_ bytes: Int64, _ language: Language) -> String {
        var value = bytes
        var tenths: Int64 = 0
        var unit = 0
        while value >= 1024 && unit < units.count - 1 {
            tenths = value % 1024 * 10 / 1024
            value /= 1024
            unit += 1
        }
        // Put together without interpolation, which takes most of the time of a long list.
        var text = String(value)
        if unit > 0 && value < 100 {
            text += language == .spanish ? "," : "."
            text += String(tenths)
        }
        return text + units[unit]
    }

    private static let units = [" B", " KiB", " MiB", " GiB"]

    private static func clock(_ seconds: Int64) -> String {
        let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60)
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return hours > 0 ? "\(hours):\(two(minutes)):\(two(rest))" : "\(minutes):\(two(rest))"
    }
}

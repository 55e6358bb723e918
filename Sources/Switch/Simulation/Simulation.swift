// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Lives many lives and counts what went wrong.
///
/// Spec: `docs/spec/switch.md`, section 12.
package struct Simulation: Sendable {
    /// What came of it.
    package struct Result: Equatable, Sendable {
        /// How many lives.
        package fileprivate(set) var lives: UInt64 = 0
        /// Statements in all of them.
        package fileprivate(set) var statements: UInt64 = 0
        /// Lives that ended with a release.
        package fileprivate(set) var released: UInt64 = 0
        /// Lives in which an owner at liberty was released, or could not stop it.
        package fileprivate(set) var early: UInt64 = 0
        /// Lives in which a silenced owner's work did not come out.
        package fileprivate(set) var blocked: UInt64 = 0
        /// Lives after which a reader who came later saw something else, or a circle in the rules.
        package fileprivate(set) var inconsistent: UInt64 = 0
        /// Lives that were signed with real keys and read back.
        package fileprivate(set) var signed: UInt64 = 0
        /// The seed of the first life that went wrong.
        package fileprivate(set) var firstFailure: UInt64?

        /// Of no life yet.
        package init() {}

        /// Whether nothing went wrong.
        package var isClean: Bool { firstFailure == nil }

        /// What came of these lives and of later ones together.
        package static func + (earlier: Result, later: Result) -> Result {
            var sum = earlier
            sum.lives += later.lives
            sum.statements += later.statements
            sum.released += later.released
            sum.early += later.early
            sum.blocked += later.blocked
            sum.inconsistent += later.inconsistent
            sum.signed += later.signed
            sum.firstFailure = earlier.firstFailure ?? later.firstFailure
            return sum
        }
    }

    /// In how many parts a run is lived at most.
    private static let partCountMax: UInt64 = 4096
    /// How many lives are worth a part of their own.
    private static let partLivesMin: UInt64 = 64

    /// How far the enemies may go.
    package let bounds: SimulatedBounds
    /// A mistake put in on purpose.
    package let bug: PlantedBug?

    /// A simulation of the real rules, or of rules with a mistake.
    package init(bounds: SimulatedBounds = .inside, bug: PlantedBug? = nil) {
        self.bounds = bounds
        self.bug = bug
    }

    /// Splits seeds into parts of one length, for as many cores as there are.
    ///
    /// - Returns: The parts in order; the last one may be shorter.
    package static func parts(of seeds: Range<UInt64>) -> [Range<UInt64>] {
        let length = max(partLivesMin, UInt64(seeds.count) / partCountMax + 1)
        return stride(from: seeds.lowerBound, to: seeds.upperBound, by: Int(length)).map {
            $0..<$0 + min(length, seeds.upperBound - $0)
        }
    }

    /// Lives one life for each seed.
    ///
    /// - Parameters:
    ///   - seeds: One a life.
    ///   - signed: How many, from the first, are lived with real cryptography besides: some tenths
    ///     of a second each.
    ///   - stopsEarly: Whether the first failure is enough.
    /// - Returns: What came of them.
    package func run(
        seeds: Range<UInt64>,
        signed: UInt64 = 0,
        stopsEarly: Bool = false
    ) -> Result {
        var result = Result()
        for seed in seeds {
            var life = SimulatedLife(seed: seed, bounds: bounds, bug: bug)
            var failure = life.run()
            if bug == nil, failure == nil, result.signed < signed {
                result.signed += 1
                // What could not even be signed is a difference too.
                if (try? SignedLife(life).agrees()) != true { failure = .differs }
            }
            result.lives += 1
            result.statements += UInt64(life.events.count)
            if life.machine.state == .released { result.released += 1 }
            switch failure {
            case .early: result.early += 1
            case .blocked: result.blocked += 1
            case .circle, .differs: result.inconsistent += 1
            case nil: continue
            }
            if result.firstFailure == nil { result.firstFailure = seed }
            if stopsEarly { break }
        }
        return result
    }
}

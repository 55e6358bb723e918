// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// What a panel member looks at: never who somebody is, only what the account published.
///
/// Six of NewsGuard's nine criteria, without the three that unmask; section B of the Journalism
/// Trust Initiative; and two of our own.
///
/// Spec: `docs/spec/sortition.md`, section 7.
package enum AuditItem: String, CaseIterable, Sendable {
    case noFalseContent = "no-false-content"
    case responsibleGathering = "responsible-gathering"
    case correctsErrors = "corrects-errors"
    case newsApartFromOpinion = "news-apart-from-opinion"
    case honestHeadlines = "honest-headlines"
    case labelsAdvertising = "labels-advertising"
    case accuracy = "accuracy"
    case contentOfOthers = "content-of-others"
    case sources = "sources"
    case corrections = "corrections"
    case glorifiesNobody = "glorifies-nobody"
    case endangersNobody = "endangers-nobody"

    /// Where an item comes from.
    package enum Origin: String, Sendable {
        /// NewsGuard's criteria.
        case newsGuard = "newsguard"
        /// CWA 17493, section B.
        case trustInitiative = "jti-b"
        /// This registry.
        case local
    }

    /// Where the item comes from.
    package var origin: Origin {
        switch self {
        case .noFalseContent, .responsibleGathering, .correctsErrors, .newsApartFromOpinion,
            .honestHeadlines, .labelsAdvertising:
            .newsGuard
        case .accuracy, .contentOfOthers, .sources, .corrections: .trustInitiative
        case .glorifiesNobody, .endangersNobody: .local
        }
    }

    /// Weight in tenths of NewsGuard's points; 0 for items that have none.
    package var weight: Int {
        switch self {
        case .noFalseContent: 220
        case .responsibleGathering: 180
        case .correctsErrors, .newsApartFromOpinion: 125
        case .honestHeadlines: 100
        case .labelsAdvertising: 75
        default: 0
        }
    }
}

/// What a panel member found.
///
/// Spec: `docs/spec/sortition.md`, section 7.
package struct AuditSheet: Equatable, Sendable {
    /// How many posts a member reads.
    package static let postCount = 10
    /// Weights of all items: what NewsGuard's points are divided by after three of them were left
    /// out.
    package static let weightSum = AuditItem.allCases.reduce(0) { $0 + $1.weight }
    /// Of a thousand: with less, a member does not concur.
    package static let gradeMin = 600
    /// How many items of the Journalism Trust Initiative may fail.
    package static let failedCountMax = 1

    /// Items that are met.
    package let passed: Set<AuditItem>
    /// Posts that were found sound.
    package let soundCount: Int
    /// Posts that were not.
    package let unsoundCount: Int

    package init(passed: Set<AuditItem>, soundCount: Int, unsoundCount: Int) {
        precondition(soundCount >= 0 && unsoundCount >= 0, "counts")
        self.passed = passed
        self.soundCount = soundCount
        self.unsoundCount = unsoundCount
    }

    /// The weight of what is met, of a thousand, rounded down.
    package var grade: Int {
        passed.reduce(0) { $0 + $1.weight } * 1000 / Self.weightSum
    }

    /// Whether the sheet asks its owner to concur.
    package var asksToConcur: Bool {
        let failed = Set(AuditItem.allCases).subtracting(passed)
        return grade >= Self.gradeMin
            && failed.count { $0.origin == .trustInitiative } <= Self.failedCountMax
            && !failed.contains { $0.origin == .local }
            && soundCount > unsoundCount
    }
}

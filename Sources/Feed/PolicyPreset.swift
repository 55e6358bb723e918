// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

/// Policies that come with the program, as the text of their files.
package enum PolicyPreset: String, CaseIterable, Sendable {
    /// What the seeds of this project ask for.
    case standard = "default"
    /// The newest post first.
    case chronological
    /// What gets the most reactions first, whoever posts it.
    case engagement

    /// The policy file.
    package var text: String {
        switch self {
        case .standard: Self.standardText
        case .chronological: Self.chronologicalText
        case .engagement: Self.engagementText
        }
    }

    /// The same, read.
    package var policy: Policy {
        do throws(PolicyFault) {
            return try Policy(parsing: Array(text.utf8))
        } catch {
            preconditionFailure("a preset is malformed: \(error)")
        }
    }

    private static let chronologicalText = """
        # The newest post first: nothing else counts.
        policy: 1
        name: chronological
        prediction:
          base: 1
          likes: 0
          reposts: 0
          replies: 0
        recency:
          half-life: 1d

        """

    private static let engagementText = """
        # What gets the most reactions first, whoever posts it and why.
        policy: 1
        name: engagement
        prediction:
          base: 0
          likes: 0.5
          reposts: 1
          replies: 2

        """

    private static let standardText = """
        # The feed policy that Resguardo ships. A council changes it by changing numbers: every
        # result names the hash of this file, so that nobody can change it unseen.
        #
        #   score = prediction × recency × source × quality × visibility
        #
        # A factor of 1 changes nothing, and so does a key that is left out.

        policy: 1
        name: default
        # Shown with every limit, to the person whom it concerns.
        appeal:
          en: the council of the registry hears appeals; name this post and the rule
          es: el consejo del registro atiende apelaciones; diga esta publicación y la regla

        # base + ln(1 + weighted reactions): ten times the reactions are no ten times the score.
        prediction:
          base: 1
          likes: 0.5
          reposts: 1
          replies: 2
          views: 0

        # A warning of this hour comes before one of yesterday.
        recency:
          half-life: 6h
          floor: 0.02

        # What the registry says of the account, from its signed snapshot. Sources may be anonymous:
        # several constituencies vouch for them. A badge that is bought is worth nothing, by rule.
        source:
          provisional: 1.2
          attested: 2
          strong: 2.5
          interrupted: 1
          paid: 1

        # The form of a post, never its words: reports, warnings and songs use the same words.
        quality:
          image-only: 0.8
          image-only-below: 40
          informative: 1.15
          informative-from: 280

        # Evidence against the account. Each limit names its evidence and ends by itself: with the
        # designation, or after the last co-share: in full during hold, then fading during ramp.
        visibility:
          designated-low: 1
          designated-moderate: 0.5
          designated-high: 0.05
          confidence-min: 0.8
          limited: 0.5
          coordinated: 0.2
          hold: 14d
          ramp: 14d

        # Accounts that share the same things within seconds, again and again: in pairs, at least
        # min-weight times, at least min-accounts of them. One post shared at once is none.
        coordination:
          window: 10s
          min-participation: 2
          min-weight: 3
          min-accounts: 3

        # An attested source keeps at least this much, whatever the form of its post and whoever
        # shares it. Where evidence speaks against an attested source, people decide.
        floors:
          trusted: 1

        """
}

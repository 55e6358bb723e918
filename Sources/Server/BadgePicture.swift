// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

package import Switch

/// A badge as a picture: no script, nothing fetched, no time.
///
/// Spec: `docs/spec/switch.md`, section 18.
package enum BadgePicture {
    /// What it is about.
    static let motto = PageText(en: "Silence me, and it comes out", es: "Si callo, se publica")

    /// As SVG, 440 by 120.
    package static func svg(_ badge: VerifiedBadge) -> String {
        let (n, k) = (badge.trusteeCount, badge.threshold)
        let (en, es) = words(badge)
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="440" height="120" viewBox="0 0 440 120" \
            role="img" aria-label="\(es) \(en)">
            <rect width="440" height="120" rx="14" fill="#17423d"/>
            <path d="M62 22l34 12v26c0 20-14 34-34 40-20-6-34-20-34-40V34z" fill="#f2c14e"/>
            <text x="62" y="68" font-family="system-ui,sans-serif" font-size="22" \
            font-weight="700" text-anchor="middle" fill="#17423d">\(k)/\(n)</text>
            <g font-family="system-ui,sans-serif" fill="#fff">
            <text x="116" y="42" font-size="21" font-weight="700">\(motto.es)</text>
            <text x="116" y="66" font-size="16">\(motto.en)</text>
            <text x="116" y="96" font-size="13" fill="#cfe3df">Resguardo · \(badge.shortID)</text>
            </g>
            </svg>

            """
    }

    /// What it says, in English and in Spanish.
    package static func words(_ badge: VerifiedBadge) -> (en: String, es: String) {
        let (n, k) = (badge.trusteeCount, badge.threshold)
        return (
            "Any \(k) of \(n) trustees, with whom it is meant for, can open what this person has"
                + " deposited.",
            "\(k) de \(n) custodios cualesquiera, con quien deba recibirlo, pueden abrir lo que"
                + " esta persona depositó."
        )
    }

    static func sentence(_ badge: VerifiedBadge) -> PageText {
        let (en, es) = words(badge)
        return PageText(en: en, es: es)
    }
}

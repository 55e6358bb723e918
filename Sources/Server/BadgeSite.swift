// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Statements
internal import Switch

/// Badges of switches as pages, pictures and statements, for everybody.
///
/// They lead to nothing else that the node keeps: who asks by a badge's id gets the badge.
///
/// Spec: `docs/spec/node.md`, section 12.5.
package struct BadgeSite: Site {
    private let shelf: SwitchShelf

    /// The badges on a shelf.
    package init(_ shelf: SwitchShelf) {
        self.shelf = shelf
    }

    /// See ``Site/answer(_:)``.
    package func answer(_ question: Question) async throws -> Answer? {
        var parts = question.path.split(separator: "/", omittingEmptySubsequences: false)
            .dropFirst()
        let language = parts.first.flatMap { PageLanguage(rawValue: String($0)) }
        if language != nil { parts = parts.dropFirst() }
        guard question.method == .get, parts.count == 2, parts.first == "badges",
            let name = parts.last?.split(separator: ".", omittingEmptySubsequences: false),
            name.count <= 2, let id = name.first, UploadSite.secret(id) != nil,
            let badge = try await shelf.badge(String(id))
        else { return nil }
        switch (name.count == 2 ? name[1] : nil, language) {
        case (nil, let language?): return Self.page(badge, language).answer(of: badge)
        case (nil, nil):
            let page = Self.page(badge, .preferred(by: question))
            return page.answer(of: badge, caching: .none)
        case ("svg", nil):
            return Answer(
                mediaType: "image/svg+xml",
                caching: .brief,
                body: Array(BadgePicture.svg(badge).utf8)
            )
        case ("txt", nil): return Answer(caching: .brief, body: badge.envelope.bytes + [0x0a])
        default: return nil
        }
    }

    private static func page(_ badge: VerifiedBadge, _ language: PageLanguage) -> Page {
        var page = Page(language, path: "/badges/\(badge.id)")
        page.picture(BadgePicture.svg(badge))
        page.title(BadgePicture.motto[language])
        page.paragraph(BadgePicture.sentence(badge))
        page.paragraph(
            PageText(
                en: "Nobody has to take this on trust, least of all from this page: anybody can"
                    + " check it, with no secret.",
                es: "No hace falta creerlo, y menos a esta página: cualquiera puede comprobarlo,"
                    + " sin ningún secreto."
            )
        )
        page.paragraph(
            PageText(
                en: "It does not say who the trustees are, whom it would reach, what it is,"
                    + " whether the person is late, or whether it still stands.",
                es: "No dice quiénes son los custodios, a quién llegaría, qué es, si la persona"
                    + " va tarde, ni si sigue en pie."
            )
        )
        page.heading(PageText(en: "Check it", es: "Comprobarlo"))
        page.link(
            PageText(
                en: "Save this text as a file",
                es: "Guarde este texto en un archivo"
            ),
            to: "/badges/\(badge.id).txt"
        )
        let word = language == .es ? "ARCHIVO" : "FILE"
        page.block("resguardo switch verify \(word)")
        page.list([(PageText(en: "Badge", es: "Distintivo"), badge.id)])
        page.block(String(decoding: badge.envelope.bytes, as: UTF8.self))
        return page
    }
}

extension Page {
    /// The page about a badge.
    fileprivate func answer(
        of badge: VerifiedBadge,
        caching: Answer.Caching = .brief
    ) -> Answer {
        answer(title: "Resguardo " + badge.shortID, caching: caching)
    }
}

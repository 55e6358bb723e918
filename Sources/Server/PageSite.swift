// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

internal import Encodings
internal import Statements
internal import Storage
internal import TransparencyLog
internal import Vault

/// Pages for people: what this node is, how it stands, and whether a receipt is right.
///
/// No scripts, no cookies, nothing from elsewhere; in Spanish and English.
///
/// Spec: `docs/spec/node.md`, section 9.
package struct PageSite: Site {
    /// The longest form.
    private static let formCountMax = 1 << 18

    private let facts: NodeFacts

    /// The pages of a node.
    package init(_ facts: NodeFacts) {
        self.facts = facts
    }

    /// See ``Site/answer(_:)``.
    package func answer(_ question: Question) async throws -> Answer? {
        switch (question.method, question.path) {
        case (.get, "/"):
            return page(front(.preferred(by: question)), caching: .none)
        case (.get, "/style.css"):
            return Answer(mediaType: "text/css", caching: .brief, body: Array(Page.style.utf8))
        case (.get, "/es"): return page(front(.es))
        case (.get, "/en"): return page(front(.en))
        case (.post, "/es/receipt"): return try await check(question, .es)
        case (.post, "/en/receipt"): return try await check(question, .en)
        default: return nil
        }
    }

    private func page(_ page: Page, caching: Answer.Caching = .brief) -> Answer {
        page.answer(title: title, caching: caching)
    }

    private var title: String {
        let log = facts.logs.first { $0.name == facts.deposits } ?? facts.logs.first
        return log?.key.name.description ?? "Resguardo"
    }

    // MARK: The front page

    private func front(_ language: PageLanguage) -> Page {
        var page = Page(language)
        page.title(title)
        page.paragraph(
            PageText(
                en: "This is a node of Resguardo. It keeps sealed evidence that it cannot read, and"
                    + " shows logs in which nothing can be changed or removed without everybody"
                    + " seeing it. It asks for no account, keeps no addresses, and writes down no"
                    + " times finer than the day.",
                es: "Este es un nodo de Resguardo. Guarda evidencia sellada que no puede leer, y"
                    + " muestra registros en los que nada se puede cambiar ni quitar sin que todos"
                    + " lo vean. No pide cuenta, no guarda direcciones, ni anota horas más finas"
                    + " que el día."
            )
        )
        page.paragraph(
            PageText(
                en: "You do not have to believe this page: what a node hides or rewrites is found"
                    + " by its witnesses and by your own program.",
                es: "No tiene que creerle a esta página: lo que un nodo esconda o reescriba lo"
                    + " descubren sus testigos y el programa de usted."
            )
        )
        for log in facts.logs { describe(log, &page) }
        describeReceipts(&page)
        page.heading(PageText(en: "To deposit here", es: "Para depositar aquí"))
        page.paragraph(
            facts.deposits == nil
                ? PageText(
                    en: "This node shows logs; it takes no deposits.",
                    es: "Este nodo muestra registros; no recibe depósitos."
                )
                : PageText(
                    en: "Install Resguardo, get the key above from the operator by another way than"
                        + " this page, and add the node: resguardo remote add NAME URL --log-key"
                        + " KEY",
                    es: "Instale Resguardo, obtenga la llave de arriba del operador por otra vía"
                        + " que esta página, y agregue el nodo: resguardo remote add NOMBRE URL"
                        + " --log-key LLAVE"
                )
        )
        if facts.isInvitedOnly {
            page.paragraph(
                PageText(
                    en: "New cases need an invitation: ask the operator for a code, then type:"
                        + " resguardo invite accept NAME CODE. The node cannot tell which case"
                        + " came of which code.",
                    es: "Los casos nuevos necesitan invitación: pida un código a quien opera el"
                        + " nodo, y escriba: resguardo invite accept NOMBRE CÓDIGO. El nodo no"
                        + " puede saber qué caso salió de qué código."
                )
            )
        }
        if let contact = facts.contact {
            page.paragraph(
                PageText(en: "The operator: \(contact)", es: "Quien lo opera: \(contact)")
            )
        }
        return page
    }

    private func describe(_ log: NodeFacts.Log, _ page: inout Page) {
        page.heading(PageText(en: "Log “\(log.name)”", es: "Registro «\(log.name)»"))
        let state: PageText
        var isGood = false
        switch log.publisher.state {
        case .current where facts.policy.witnesses.isEmpty:
            state = PageText(
                en: "No witness looks at this log: whether it shows everybody the same, only your"
                    + " own program finds out.",
                es: "Ningún testigo mira este registro: si muestra lo mismo a todos, solo lo"
                    + " descubre el programa de usted."
            )
        case .current:
            isGood = true
            state = PageText(en: "All is well.", es: "Todo está bien.")
        case .waiting(let count):
            state = PageText(
                en: "Too few witnesses answer (\(count)): deposits are kept, receipts wait.",
                es: "Responden muy pocos testigos (\(count)): los depósitos se guardan, los recibos"
                    + " esperan."
            )
        case .contradicted:
            state = PageText(
                en: "The log contradicts what was published. Trust nothing newer.",
                es: "El registro contradice lo publicado. No confíe en nada más nuevo."
            )
        case .unreadable:
            state = PageText(
                en: "The log cannot be read now.",
                es: "El registro no se puede leer ahora."
            )
        }
        page.paragraph(state, kind: isGood ? "good" : "bad")
        page.list([(PageText(en: "Key", es: "Llave"), log.key.encoded)] + witnesses(of: log))
        if let current = log.published.current {
            page.paragraph(PageText(en: "Newest checkpoint:", es: "Punto de control más nuevo:"))
            page.block(String(decoding: current.note.encoded, as: UTF8.self))
        }
    }

    /// Each witness of the policy, and when it signed what is shown.
    private func witnesses(of log: NodeFacts.Log) -> [(PageText, String)] {
        facts.policy.witnesses.map { witness in
            let name = witness.verifier.name.description
            let signed = log.published.current.flatMap {
                try? $0.note.verify([witness.verifier]).first
            }
            return (
                PageText(en: "Witness \(name)", es: "Testigo \(name)"),
                signed.map { HTTPDate.text($0.time) } ?? "–"
            )
        }
    }

    private func describeReceipts(_ page: inout Page) {
        page.heading(PageText(en: "Is my receipt right?", es: "¿Es correcto mi recibo?"))
        page.paragraph(
            PageText(
                en: "Best on your own machine, without asking anybody:",
                es: "Lo mejor, en su propia máquina y sin preguntar a nadie:"
            )
        )
        let word = page.language == .es ? "RECIBO" : "RECEIPT"
        let key = facts.logs.first { $0.name == facts.deposits }?.key.encoded ?? "VKEY"
        page.block("resguardo receipt verify \(word) --log-key \(key)")
        page.paragraph(
            PageText(
                en: "Or here: paste its text. Nothing of it is kept. It tells this node that you"
                    + " have the receipt.",
                es: "O aquí: pegue su texto. Nada de él se guarda. Le dice a este nodo que usted"
                    + " tiene el recibo."
            )
        )
        page.form(
            action: "/\(page.language.rawValue)/receipt",
            field: "receipt",
            label: PageText(en: "Receipt", es: "Recibo"),
            button: PageText(en: "Check", es: "Revisar")
        )
    }

    // MARK: A receipt

    private func check(_ question: Question, _ language: PageLanguage) async throws -> Answer {
        let form = try await question.body(Self.formCountMax)
        var page = Page(language)
        page.title(title)
        let logs = facts.logs.map(\.key)
        if let text = FormField.value("receipt", in: form),
            let receipt = try? Receipt(parsing: Self.unfolded(text)),
            let key = logs.first(where: { $0 == receipt.log }),
            let (statement, checkpoint) = try? receipt.verify(log: key)
        {
            page.paragraph(
                PageText(
                    en: "The receipt is right: this node took the item.",
                    es: "El recibo es correcto: este nodo recibió el objeto."
                ),
                kind: "good"
            )
            page.list([
                (PageText(en: "Item", es: "Objeto"), Hex.encode(statement.ciphertextRoot)),
                (
                    PageText(en: "Day, as the depositor says", es: "Día, según quien depositó"),
                    statement.date
                ),
                (PageText(en: "Bytes", es: "Bytes"), String(statement.sizeBytes)),
                (PageText(en: "Entry", es: "Entrada"), String(receipt.proof.index)),
                (PageText(en: "Log of", es: "Registro de"), String(checkpoint.size)),
            ])
            let isCosigned =
                (try? receipt.proof.verify(leaf: receipt.leaf, policy: facts.policy)) != nil
            page.paragraph(
                isCosigned
                    ? PageText(
                        en: "It carries the cosignatures that this node's policy asks for.",
                        es: "Lleva las cofirmas que exige la política de este nodo."
                    )
                    : PageText(
                        en: "It does not carry the cosignatures that this node's policy asks for"
                            + " now.",
                        es: "No lleva las cofirmas que hoy exige la política de este nodo."
                    )
            )
        } else {
            page.paragraph(
                PageText(
                    en: "This is no receipt of this node, or it was changed.",
                    es: "No es un recibo de este nodo, o fue alterado."
                ),
                kind: "bad"
            )
        }
        describeReceipts(&page)
        return self.page(page, caching: .none)
    }

    /// The lines as they were before a browser sent them: forms end lines with CR LF, and people
    /// lose the last line feed when they copy.
    private static func unfolded(_ text: [UInt8]) -> [UInt8] {
        var lines = text.filter { $0 != 0x0d }
        while lines.last == 0x0a || lines.last == 0x20 { lines.removeLast() }
        return lines + [0x0a]
    }
}

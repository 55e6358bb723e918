// Copyright the Resguardo authors.
// SPDX-License-Identifier: Apache-2.0

import Server
import Statements

/// A badge as a page, for a web site: no script, nothing fetched, no time.
enum BadgePage {
    private static let style = """
        body{font:18px/1.5 system-ui,sans-serif;max-width:42rem;margin:0 auto;padding:1.5rem;\
        color:#1c2b29;background:#fbfaf7}h1{font-size:1.5rem;line-height:1.2}h2{font-size:1.15rem}\
        svg{max-width:100%;height:auto}code{display:block;overflow-wrap:anywhere;\
        background:#eee9df;\
        padding:.75rem;border-radius:.4rem;font-size:.85rem}section{margin-top:2rem}
        """

    /// As a page in Spanish and English, which holds the whole badge.
    static func html(_ file: BadgeFile) -> String {
        let text = String(decoding: file.envelope.bytes, as: UTF8.self)
        return """
            <!DOCTYPE html>
            <html lang="es">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width,initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
            style-src 'unsafe-inline'">
            <meta name="referrer" content="no-referrer">
            <title>Resguardo \(file.shortID)</title>
            <style>\(style)</style>
            </head>
            <body>
            \(BadgePicture.svg(file.checked))
            <section>
            <h1>Si callo, se publica</h1>
            <p>\(escape(file.sentence.es)) No hace falta creerlo: cualquiera puede comprobarlo sin \
            ningún secreto.</p>
            <p>Esto no dice quiénes son los custodios, a quién llegaría, qué es, ni si la persona \
            va tarde.</p>
            <h2>Comprobarlo</h2>
            <p>Guarde el texto de abajo en un archivo y ejecute \
            <b>resguardo switch verify ARCHIVO</b>.</p>
            </section>
            <section lang="en">
            <h1>Silence me, and it comes out</h1>
            <p>\(escape(file.sentence.en)) Nobody has to take this on trust: anybody can check it, \
            with no secret.</p>
            <p>It does not say who the trustees are, whom it would reach, what it is, or whether \
            the person is late.</p>
            <h2>Check it</h2>
            <p>Save the text below as a file and run <b>resguardo switch verify FILE</b>.</p>
            </section>
            <section><code>\(escape(text))</code></section>
            </body>
            </html>

            """
    }

    private static func escape(_ text: String) -> String {
        PrintedPage.escape(text)
    }
}

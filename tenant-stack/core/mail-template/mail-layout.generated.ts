// Made from mail.mjml by `npm run templates`; a test compares.
import { escapeHtml } from './html.ts'
import type { MailView } from './mail-view.ts'

/** The HTML of a mail; every value is escaped here, but for those named HTML. */
export function mailLayout(view: MailView): string {
  return [
    "<!doctype html>\n<html lang=\"",
    escapeHtml(view.language),
    "\" dir=\"auto\" xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\">\n<head>\n<title>",
    escapeHtml(view.title),
    "</title>\n<!--[if !mso]><!-->\n<meta http-equiv=\"X-UA-Compatible\" content=\"IE=edge\">\n<!--<![endif]-->\n<meta http-equiv=\"Content-Type\" content=\"text/html; charset=UTF-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<style type=\"text/css\">\n#outlook a { padding:0; }\nbody { margin:0;padding:0;-webkit-text-size-adjust:100%;-ms-text-size-adjust:100%; }\ntable, td { border-collapse:collapse;mso-table-lspace:0pt;mso-table-rspace:0pt; }\nimg { border:0;height:auto;line-height:100%; outline:none;text-decoration:none;-ms-interpolation-mode:bicubic; }\np { display:block;margin:13px 0; }\n</style>\n<!--[if mso]>\n<noscript>\n<xml>\n<o:OfficeDocumentSettings>\n<o:AllowPNG/>\n<o:PixelsPerInch>96</o:PixelsPerInch>\n</o:OfficeDocumentSettings>\n</xml>\n</noscript>\n<![endif]-->\n<!--[if lte mso 11]>\n<style type=\"text/css\">\n.mj-outlook-group-fix { width:100% !important; }\n</style>\n<![endif]-->\n<style type=\"text/css\">\n@media only screen and (min-width:480px) {\n.mj-column-per-100 { width:100% !important; max-width: 100%; }\n}\n</style>\n<style media=\"screen and (min-width:480px)\">\n.moz-text-html .mj-column-per-100 { width:100% !important; max-width: 100%; }\n</style>\n<style type=\"text/css\">\na { color: inherit; }\n.words td, .words div { overflow-wrap: anywhere; }\n.words p { margin: 0 0 12px; }\n.words img { max-width: 100%; }\n@media (prefers-color-scheme: dark) {\nbody, body > div { background: #14171d !important; background-color: #14171d !important; }\n.card, .card > table { background: #20252f !important; background-color: #20252f !important; }\n.words, .words div, .words td, .words h1 { color: #e8ebf1 !important; }\n.faint, .faint div, .words td.faint { color: #a9b1c0 !important; }\n}\n</style>\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n</head>\n<body  style=\"word-spacing:normal;background-color:#f4f5f7;\">\n<div\naria-label=\"",
    escapeHtml(view.title),
    "\" aria-roledescription=\"email\" role=\"article\" lang=\"",
    escapeHtml(view.language),
    "\" dir=\"auto\" style=\"word-spacing:normal;background-color:#f4f5f7;\"\n>\n<!--[if mso | IE]><table align=\"center\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\" class=\"\" role=\"presentation\" style=\"width:560px;\" width=\"560\" ><tr><td style=\"line-height:0px;font-size:0px;mso-line-height-rule:exactly;\"><![endif]-->\n<div  style=\"margin:0px auto;max-width:560px;\">\n<table\nalign=\"center\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\" role=\"presentation\" style=\"width:100%;\"\n>\n<tbody>\n<tr>\n<td\nstyle=\"direction:ltr;font-size:0px;padding:24px 0 0;text-align:center;\"\n>\n<!--[if mso | IE]><table role=\"presentation\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\"><tr><td class=\"\" style=\"vertical-align:top;width:560px;\" ><![endif]-->\n<div\nclass=\"mj-column-per-100 mj-outlook-group-fix\" style=\"font-size:0px;text-align:left;direction:ltr;display:inline-block;vertical-align:top;width:100%;\"\n>\n<table\nborder=\"0\" cellpadding=\"0\" cellspacing=\"0\" role=\"presentation\" style=\"vertical-align:top;\" width=\"100%\"\n>\n<tbody>\n<tr>\n<td\nstyle=\"font-size:0px;word-break:break-word;\"\n>\n<div\nstyle=\"height:1px;line-height:1px;\"\n>&#8202;</div>\n</td>\n</tr>\n</tbody>\n</table>\n</div>\n<!--[if mso | IE]></td></tr></table><![endif]-->\n</td>\n</tr>\n</tbody>\n</table>\n</div>\n<!--[if mso | IE]></td></tr></table><table align=\"center\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\" class=\"card-outlook\" role=\"presentation\" style=\"width:560px;\" width=\"560\" bgcolor=\"#ffffff\" ><tr><td style=\"line-height:0px;font-size:0px;mso-line-height-rule:exactly;\"><![endif]-->\n<div  class=\"card\" style=\"background:#ffffff;background-color:#ffffff;margin:0px auto;max-width:560px;border-radius:10px;overflow:hidden;\">\n<table\nalign=\"center\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\" role=\"presentation\" style=\"background:#ffffff;background-color:#ffffff;width:100%;border-collapse:separate;\"\n>\n<tbody>\n<tr>\n<td\nstyle=\"border-radius:10px;direction:ltr;font-size:0px;padding:28px 0 16px;text-align:center;\"\n>\n<!--[if mso | IE]><table role=\"presentation\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\"><tr><td class=\"\" style=\"vertical-align:top;width:560px;\" ><![endif]-->\n<div\nclass=\"mj-column-per-100 mj-outlook-group-fix\" style=\"font-size:0px;text-align:left;direction:ltr;display:inline-block;vertical-align:top;width:100%;\"\n>\n<table\nborder=\"0\" cellpadding=\"0\" cellspacing=\"0\" role=\"presentation\" style=\"vertical-align:top;\" width=\"100%\"\n>\n<tbody>\n",
    ...(view.logoUrl.length === 0 ? [] : [
      "\n<tr>\n<td\nalign=\"left\" style=\"font-size:0px;padding:0 28px 16px;word-break:break-word;\"\n>\n<div\nstyle=\"font-family:Helvetica, Arial, sans-serif;font-size:16px;line-height:1.5;text-align:left;color:#1d2330;\"\n><img src=\"",
      escapeHtml(view.logoUrl),
      "\" alt=\"",
      escapeHtml(view.productName),
      "\" height=\"40\" style=\"display:block;height:40px;width:auto;max-width:100%;border:0\"></div>\n</td>\n</tr>\n",
    ]),
    ...(view.lead.length === 0 ? [] : [
      "\n<tr>\n<td\nalign=\"left\" class=\"words faint\" style=\"font-size:0px;padding:0 28px 8px;word-break:break-word;\"\n>\n<div\nstyle=\"font-family:Helvetica, Arial, sans-serif;font-size:16px;line-height:1.5;text-align:left;color:#5a6272;\"\n>",
      escapeHtml(view.lead),
      "</div>\n</td>\n</tr>\n",
    ]),
    "\n<tr>\n<td\nalign=\"left\" class=\"words\" style=\"font-size:0px;padding:0 28px 12px;word-break:break-word;\"\n>\n<div\nstyle=\"font-family:Helvetica, Arial, sans-serif;font-size:16px;line-height:1.5;text-align:left;color:#1d2330;\"\n><h1 style=\"margin:0;font-size:22px;line-height:1.25;font-weight:bold\">",
    escapeHtml(view.title),
    "</h1></div>\n</td>\n</tr>\n",
    ...view.paragraphs.flatMap((each) => [
      "\n<tr>\n<td\nalign=\"left\" class=\"words\" style=\"font-size:0px;padding:0 28px 12px;word-break:break-word;\"\n>\n<div\nstyle=\"font-family:Helvetica, Arial, sans-serif;font-size:16px;line-height:1.5;text-align:left;color:#1d2330;\"\n>",
      escapeHtml(each),
      "</div>\n</td>\n</tr>\n",
    ]),
    ...(view.facts.length === 0 ? [] : [
      "\n<tr>\n<td\nalign=\"left\" class=\"words\" style=\"font-size:0px;padding:0 28px 12px;word-break:break-word;\"\n>\n<table\ncellpadding=\"0\" cellspacing=\"0\" width=\"100%\" border=\"0\" style=\"color:#1d2330;font-family:Helvetica, Arial, sans-serif;font-size:16px;line-height:1.5;table-layout:auto;width:100%;border:none;\"\n>\n",
      ...view.facts.flatMap((each) => [
        "<tr><td class=\"faint\" style=\"padding:4px 16px 4px 0;color:#5a6272;vertical-align:top;width:84px\">",
        escapeHtml(each.name),
        "</td><td style=\"padding:4px 0;vertical-align:top\">",
        escapeHtml(each.value),
        "</td></tr>",
      ]),
      "\n</table>\n</td>\n</tr>\n",
    ]),
    ...(view.bodyHtml.length === 0 ? [] : [
      "\n<tr>\n<td\nalign=\"left\" class=\"words\" style=\"font-size:0px;padding:0 28px 12px;word-break:break-word;\"\n>\n<div\nstyle=\"font-family:Helvetica, Arial, sans-serif;font-size:16px;line-height:1.5;text-align:left;color:#1d2330;\"\n>",
      view.bodyHtml,
      "</div>\n</td>\n</tr>\n",
    ]),
    ...view.links.flatMap((each) => [
      "\n<tr>\n<td\nalign=\"left\" style=\"font-size:0px;padding:0 28px 12px;word-break:break-word;\"\n>\n<table\nborder=\"0\" cellpadding=\"0\" cellspacing=\"0\" role=\"presentation\" style=\"border-collapse:separate;line-height:100%;\"\n>\n<tbody>\n<tr>\n<td\nalign=\"center\" bgcolor=\"",
      escapeHtml(view.accent),
      "\" role=\"presentation\" style=\"border:none;border-radius:6px;cursor:auto;mso-padding-alt:10px 18px;background:",
      escapeHtml(view.accent),
      ";\" valign=\"middle\"\n>\n<a\nhref=\"",
      escapeHtml(each.url),
      "\" style=\"display:inline-block;background:",
      escapeHtml(view.accent),
      ";color:",
      escapeHtml(view.accentText),
      ";font-family:Helvetica, Arial, sans-serif;font-size:16px;font-weight:normal;line-height:120%;margin:0;text-decoration:none;text-transform:none;padding:10px 18px;mso-padding-alt:0px;border-radius:6px;\" target=\"_blank\"\n>\n",
      escapeHtml(each.label),
      "\n</a>\n</td>\n</tr>\n</tbody>\n</table>\n</td>\n</tr>\n",
    ]),
    ...(view.answers.length === 0 ? [] : [
      "\n<tr>\n<td\nalign=\"left\" class=\"answers\" style=\"font-size:0px;padding:8px 28px 8px;word-break:break-word;\"\n>\n<div\nstyle=\"font-family:Helvetica, Arial, sans-serif;font-size:16px;line-height:1.5;text-align:left;color:#1d2330;\"\n>",
      ...view.answers.flatMap((each) => [
        "<a href=\"",
        escapeHtml(each.url),
        "\" style=\"display:inline-block;margin:0 8px 8px 0;padding:8px 18px;border-radius:6px;background:",
        escapeHtml(view.accent),
        ";color:",
        escapeHtml(view.accentText),
        ";text-decoration:none\">",
        escapeHtml(each.label),
        "</a> ",
      ]),
      "</div>\n</td>\n</tr>\n",
    ]),
    "\n</tbody>\n</table>\n</div>\n<!--[if mso | IE]></td></tr></table><![endif]-->\n</td>\n</tr>\n</tbody>\n</table>\n</div>\n<!--[if mso | IE]></td></tr></table><table align=\"center\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\" class=\"\" role=\"presentation\" style=\"width:560px;\" width=\"560\" ><tr><td style=\"line-height:0px;font-size:0px;mso-line-height-rule:exactly;\"><![endif]-->\n<div  style=\"margin:0px auto;max-width:560px;\">\n<table\nalign=\"center\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\" role=\"presentation\" style=\"width:100%;\"\n>\n<tbody>\n<tr>\n<td\nstyle=\"direction:ltr;font-size:0px;padding:16px 0 24px;text-align:center;\"\n>\n<!--[if mso | IE]><table role=\"presentation\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\"><tr><td class=\"\" style=\"vertical-align:top;width:560px;\" ><![endif]-->\n<div\nclass=\"mj-column-per-100 mj-outlook-group-fix\" style=\"font-size:0px;text-align:left;direction:ltr;display:inline-block;vertical-align:top;width:100%;\"\n>\n<table\nborder=\"0\" cellpadding=\"0\" cellspacing=\"0\" role=\"presentation\" style=\"vertical-align:top;\" width=\"100%\"\n>\n<tbody>\n",
    ...view.footers.flatMap((each) => [
      "\n<tr>\n<td\nalign=\"left\" class=\"faint\" style=\"font-size:0px;padding:0 28px 4px;word-break:break-word;\"\n>\n<div\nstyle=\"font-family:Helvetica, Arial, sans-serif;font-size:13px;line-height:1.5;text-align:left;color:#5a6272;\"\n>",
      each,
      "</div>\n</td>\n</tr>\n",
    ]),
    "\n</tbody>\n</table>\n</div>\n<!--[if mso | IE]></td></tr></table><![endif]-->\n</td>\n</tr>\n</tbody>\n</table>\n</div>\n<!--[if mso | IE]></td></tr></table><![endif]-->\n</div>\n</body>\n</html>",
  ].join('')
}

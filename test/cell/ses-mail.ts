import { SES_ID } from './test-cell.ts'

/** What the sender sent, his own trace included: none of it may be touched. */
export const SENT = [
  'Received: from laptop by mx.example.edu with ESMTPS id 77 for create@events.example.org; Wed, 25 Nov 2026 09:59:58 +0000',
  'X-SES-RECEIPT: forged by the sender',
  'Return-Path: <forged@example.edu>',
  'DKIM-Signature: v=1; a=rsa-sha256; d=example.edu; s=one;\r\n h=from:to:subject; b=AbC=',
  'From: Alice <alice@example.edu>',
  'To: create@events.example.com, create@events.example.org',
  'Subject: Dinner \xe9',
  '',
  'Received: in the body for nobody@example.com;',
  '',
].join('\r\n')

/** What SES puts above a mail before it stores it (SES, "Contents of notifications", field `headers` of the example). */
export function sesTrace(recipient: string, sesId = SES_ID): string {
  return [
    'Return-Path: <alice@example.edu>',
    `Received: from mx.example.edu (mx.example.edu [192.0.2.1])\r\n by inbound-smtp.eu-west-1.amazonaws.com with SMTP id ${sesId}\r\n for ${recipient};\r\n Wed, 25 Nov 2026 10:00:00 +0000 (UTC)`,
    'X-SES-Spam-Verdict: PASS',
    'X-SES-Virus-Verdict: PASS',
    'Received-SPF: pass (spfCheck: domain of example.edu designates 192.0.2.1 as permitted sender)\r\n client-ip=192.0.2.1; envelope-from=alice@example.edu; helo=mx.example.edu;',
    'Authentication-Results: amazonses.com;\r\n spf=pass (spfCheck: domain of example.edu) client-ip=192.0.2.1;\r\n dkim=pass header.i=@example.edu;\r\n dmarc=pass header.from=example.edu;',
    'X-SES-RECEIPT: AEFBQUFBQUFBQUFIblBvS2ROWmxoSA==',
    'X-SES-DKIM-SIGNATURE: a=rsa-sha256; q=dns/txt; b=Zm9v; c=relaxed/simple; s=224i4yxa5dv7c2xz3womw6peuasteono;\r\n d=amazonses.com; t=1; v=1; bh=YmFy; h=From:To:Subject:X-SES-RECEIPT;',
    '',
  ].join('\r\n')
}

export function sesMail(recipient: string, sesId = SES_ID): string {
  return sesTrace(recipient, sesId) + SENT
}

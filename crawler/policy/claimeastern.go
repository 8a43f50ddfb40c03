package policy

import "cookieaudit/crawler/evidence"

// easternClaims reads the promises of sentences that are not parted into words
// as European ones are: Japanese, Chinese, Korean and Arabic. It looks for whole
// phrases, and reads nothing that has a condition, a purpose or another subject.
func easternClaims(folded string) []evidence.ClaimKind {
	if len(folded) > 300 || isASCII(folded) || !holdsCookieWord(folded) {
		return nil
	}
	if easternLimits.in(folded) {
		return nil
	}
	for _, c := range easternPhrases {
		if c.first.in(folded) && (c.then == nil || c.then.in(folded)) {
			return []evidence.ClaimKind{c.kind}
		}
	}
	return nil
}

// A someOf is a list of folded texts of which one must stand in a sentence.
type someOf []string

func anyOf(texts ...string) someOf {
	for i := range texts {
		texts[i] = fold(texts[i])
	}
	return texts
}

func (s someOf) in(folded string) bool { return containsAny(folded, s...) }

var easternPhrases = []struct {
	kind        evidence.ClaimKind
	first, then someOf
}{
	{evidence.ClaimNecessaryOnly, anyOf("必要", "必須"), anyOf("のみを使用し", "のみを利用し", "だけを使用し", "のみ使用し", "のみ利用し")},
	{evidence.ClaimNecessaryOnly, anyOf("仅使用", "只使用", "僅使用"), anyOf("必要", "必需")},
	{evidence.ClaimNecessaryOnly, anyOf("필수 쿠키만", "필요한 쿠키만"), anyOf("사용합니다", "사용하고")},
	{evidence.ClaimNecessaryOnly, anyOf("الضرورية فقط", "فقط ملفات تعريف الارتباط الضرورية"), anyOf("نستخدم", "يستخدم")},
	{evidence.ClaimNoCookies, anyOf("cookieを使用していません", "cookieを使用しておりません", "cookieは使用していません", "cookieは使用しておりません", "cookieを利用していません", "cookieは利用していません", "クッキーを使用していません", "クッキーは使用していません", "クッキーを使用しておりません"), nil},
	{evidence.ClaimNoCookies, anyOf("不使用 cookie", "不使用cookie", "不使用任何 cookie", "不使用任何cookie", "未使用 cookie", "没有使用 cookie", "沒有使用 cookie"), nil},
	{evidence.ClaimNoCookies, anyOf("쿠키를 사용하지 않", "쿠키를 이용하지 않"), nil},
	{evidence.ClaimNoCookies, anyOf("لا يستخدم", "لا نستخدم", "لا تستخدم"), anyOf("ملفات تعريف الارتباط", "ملفات الارتباط")},
	{evidence.ClaimNoCookies, anyOf("לא משתמש", "אינו משתמש", "איננו משתמשים"), anyOf("עוגיות")},
}

// holdsCookieWord looks for the word for cookies inside of others too, in the
// languages that do not part words or set prefixes before them.
func holdsCookieWord(folded string) bool {
	return containsAny(folded, "cookie", "クッキー", "쿠키", "ملفات تعريف الارتباط", "ملفات الارتباط", "עוגיות")
}

// easternLimits are words for a condition, a consent, a refusal, a purpose, a
// third party or a kind of cookie.
var easternLimits = anyOf(
	"場合", "同意", "拒否", "限り", "ために", "目的", "以外", "第三者", "広告", "分析", "解析", "アプリ", "ください", "設定", "か?",
	"如果", "除非", "拒绝", "拒絕", "第三方", "广告", "廣告", "统计", "分析", "用于", "来收集", "应用", "除了", "之前", "吗",
	"동의", "거부", "경우", "제3자", "광고", "분석", "위해", "목적", "외에", "이전",
	"اذا", "موافق", "رفض", "طرف", "اعلان", "تحليل", "لاغراض", "لجمع", "باستثناء", "قبل", "تطبيق",
	"אם ", "הסכמ", "צד שלישי", "פרסום", "למטרות", "למעט",
)

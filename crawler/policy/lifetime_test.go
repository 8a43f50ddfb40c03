package policy_test

import (
	"testing"

	"cookieaudit/crawler/policy"
)

func TestParseLifetime(t *testing.T) {
	t.Parallel()
	const none, unknown = -1, -2
	tests := []struct {
		text string
		want int64
	}{
		{"2 years from set/update", 2 * year},
		{"30 mins from set/update", 1800},
		{"End of browser session", 0},
		{"When you close your browser", 0},
		{"After 28 days", 28 * day},
		{"30 seconds to 1 year", year},
		{"Persistent (2 Years)", 2 * year},
		{"1,5 years", year + year/2},
		{"1.5 years", year + year/2},
		{"Expires upon conclusion of a user session", 0},
		{"No expiry", none},
		{"Persistent", none},
		{"Never", none},
		{"< 1 day", day},
		{"Session (1day)", day},
		{"one year", year},
		{"two (2) years", 2 * year},
		{"12 (twelve) months", 360 * day},
		{"1 year 1 month 4 days", year + 34*day},
		{"1 year and 24 days", year + 24*day},
		{"1-2 years", 2 * year},
		{"1 – 3 months", 90 * day},
		{"24h", day},
		{"365d", year},
		{"1 hour", 3600},
		{"half a year", year / 2},
		{"1 000 days", 1000 * day},
		{"2,944 days", 2944 * day},
		{"1.825 Tage", 1825 * day},
		{"1 Jahr", year},
		{"bis zu 2 Jahre", 2 * year},
		{"13 Monate", 390 * day},
		{"Sitzung", 0},
		{"Sitzungsende", 0},
		{"bis zum Schließen des Browsers", 0},
		{"Unbegrenzt", none},
		{"hartnäckig", none},
		{"30 Min.", 1800},
		{"ein halbes Jahr", year / 2},
		{"pół roku", year / 2},
		{"półtora roku", year * 3 / 2},
		{"24 Stunden", day},
		{"1 an", year},
		{"2 ans", 2 * year},
		{"jusqu'à 2 ans", 2 * year},
		{"13 mois", 390 * day},
		{"Session", 0},
		{"6 mois à compter du dépôt", 180 * day},
		{"fin de la session", 0},
		{"un an", year},
		{"1 año", year},
		{"hasta 2 años", 2 * year},
		{"Al finalizar la sesión", 0},
		{"1 dia", day},
		{"6 meses", 180 * day},
		{"Persistente", none},
		{"fino a 24 ore", day},
		{"Persistente (fino alla cancellazione manuale)", none},
		{"2 anni", 2 * year},
		{"sessione", 0},
		{"2 settimane", 14 * day},
		{"1 giorno", day},
		{"12 maanden", 360 * day},
		{"tot 24 maanden", 720 * day},
		{"1 jaar", year},
		{"sessie", 0},
		{"2 weken", 14 * day},
		{"1 uur", 3600},
		{"2 lata", 2 * year},
		{"1 rok", year},
		{"24 godz", day},
		{"1 min", 60},
		{"sesja", 0},
		{"30 dni", 30 * day},
		{"6 miesięcy", 180 * day},
		{"do zamknięcia przeglądarki", 0},
		{"2 anos", 2 * year},
		{"Persistente (até exclusão manual)", none},
		{"sessão", 0},
		{"3 meses", 90 * day},
		{"1 semana", 7 * day},
		{"2 år", 2 * year},
		{"1 månad", 30 * day},
		{"30 dagar", 30 * day},
		{"1 vecka", 7 * day},
		{"tills webbläsaren stängs", 0},
		{"13 måneder", 390 * day},
		{"1 uge", 7 * day},
		{"2 timer", 7200},
		{"vedvarende", none},
		{"2 vuotta", 2 * year},
		{"1 vuosi", year},
		{"6 kuukautta", 180 * day},
		{"istunto", 0},
		{"30 päivää", 30 * day},
		{"1 viikko", 7 * day},
		{"2 év", 2 * year},
		{"13 hónap", 390 * day},
		{"30 perc", 1800},
		{"munkamenet", 0},
		{"1 hét", 7 * day},
		{"90 nap", 90 * day},
		{"1 óra", 3600},
		{"2 roky", 2 * year},
		{"1 rok", year},
		{"6 měsíců", 180 * day},
		{"relace", 0},
		{"30 dní", 30 * day},
		{"5 let", 5 * year},
		{"Nikdy nevyprší", none},
		{"1 hodina", 3600},
		{"Thu, 01 Jan 2038 00:00:00 GMT", unknown},
		{"", unknown},
		{"Google", unknown},
		{"99999999999999999999 years", unknown},
	}
	for _, test := range tests {
		t.Run(test.text, func(t *testing.T) {
			t.Parallel()
			seconds, ok := policy.ParseLifetime(test.text)
			got := int64(unknown)
			if ok {
				got = none
			}
			if seconds != nil {
				got = *seconds
			}
			if got != test.want {
				t.Errorf("ParseLifetime(%q) = %d, want %d", test.text, got, test.want)
			}
		})
	}
}

func FuzzParseLifetime(f *testing.F) {
	for _, s := range []string{"2 years", "1 year 1 month", "1,5", "½ Jahr", "session*", "1 000 000 d", "<1", "12 (twelve) months"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if seconds, ok := policy.ParseLifetime(s); seconds != nil && (!ok || *seconds < 0) {
			t.Errorf("ParseLifetime(%q) = %d, %t", s, *seconds, ok)
		}
	})
}

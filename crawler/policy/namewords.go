package policy

import "strings"

// notNames are words that stand in name columns and lists without being names:
// browsers, kinds, blanks.
var notNames = map[string]bool{
	"chrome": true, "firefox": true, "safari": true, "edge": true, "opera": true, "brave": true, "vivaldi": true, "explorer": true, "android": true, "ios": true, "iphone": true, "ipad": true, "samsung": true,
	"no": true, "nee": true, "nein": true, "non": true, "nej": true, "nie": true, "ne": true, "yes": true, "ja": true, "oui": true, "si": true, "sim": true, "tak": true, "ano": true,
	"n/a": true, "na": true, "none": true, "-": true, "tbd": true, "various": true, "diverse": true, "div.": true, "etc": true, "etc.": true, "and": true, "or": true, "und": true, "oder": true, "et": true, "cookie": true, "cookies": true, "name": true, "pixel": true, "localstorage": true, "sessionstorage": true, "indexeddb": true, "javascript": true, "html": true, "http": true, "https": true,
	"analytics_storage": true, "ad_storage": true, "ad_user_data": true, "ad_personalization": true, "functionality_storage": true, "personalization_storage": true, "security_storage": true,
	"utm_source": true, "utm_medium": true, "utm_campaign": true, "utm_term": true, "utm_content": true, "utm_*": true,
	"document.cookie": true, "navigator.cookieenabled": true, "y/n": true, "yes/no": true, "24/7": true, "http/https": true, "gdpr/ccpa": true,
}

// services are products and companies that stand where names do.
var services = wordSet("adform adobe adroll adsense adwords addthis affilinet akamai algolia amplitude appnexus appsflyer aws awin axeptio bing bootstrapcdn borlabs braintree branch brevo bugsnag calendly chartbeat clarity cloudflare cloudfront complianz consentmanager contentsquare cookiebot cookieyes crazyegg criteo crashlytics datadog didomi disqus doubleclick drift dynatrace etracker eventbrite facebook fastly firebase flickr fontawesome foursquare freshchat friendlycaptcha fullstory getresponse giphy github gitlab google gravatar hcaptcha heap hotjar hubspot instagram intercom issuu iubenda jquery klarna klaviyo linkedin livechat livestream mailchimp mailjet marketo matomo meta microsoft mixpanel mouseflow newrelic onesignal onetrust openstreetmap optimizely outbrain pardot paypal pinterest piwik pixabay polyfill posthog quantcast recaptcha reddit salesforce segment sendinblue sentry shariff sharethis shopify sitecore siteimprove slideshare snapchat snowplow soundcloud spotify squarespace stripe taboola tawk.to telegram tiktok tradedoubler trustarc trustedshops trustpilot tumblr twitch twitter typeform typekit unpkg usercentrics userlike vimeo visa vkontakte webtrekk whatsapp wistia wix woocommerce wordpress wufoo xandr xing yahoo yandex youtube zanox zendesk zoho zoom")

func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		set[w] = true
	}
	return set
}

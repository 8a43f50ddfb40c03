package law

// The instruments. Dates are those of adoption or delivery, URLs the official
// publication.
var (
	// EPrivacyDirective is the law that storing and reading on a visitor's
	// device rests on.
	EPrivacyDirective = Instrument{
		ID:        "EPRIVACY",
		Name:      "Directive 2002/58/EC (ePrivacy Directive), as amended by Directive 2009/136/EC",
		URL:       "https://data.europa.eu/eli/dir/2002/58/2009-12-19",
		Authority: Statute,
		Date:      "2002-07-12",
		Place:     "EU",
	}
	// GDPR defines consent and what visitors must be told.
	GDPR = Instrument{
		ID:        "GDPR",
		Name:      "Regulation (EU) 2016/679 (General Data Protection Regulation)",
		URL:       "https://data.europa.eu/eli/reg/2016/679/oj",
		Authority: Statute,
		Date:      "2016-04-27",
		Place:     "EU",
	}
	// Planet49 decided that visitors must be told how long cookies work and
	// whether third parties can read them.
	Planet49 = Instrument{
		ID:        "PLANET49",
		Name:      "CJEU, C-673/17 Planet49, ECLI:EU:C:2019:801",
		URL:       "https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:62017CJ0673",
		Authority: Case,
		Date:      "2019-10-01",
		Place:     "EU",
	}
	// CookieBannerTaskforce is the common view of the supervisory authorities
	// on banners.
	CookieBannerTaskforce = Instrument{
		ID:        "EDPB-TASKFORCE",
		Name:      "EDPB, Report of the work undertaken by the Cookie Banner Taskforce",
		URL:       "https://www.edpb.europa.eu/our-work-tools/our-documents/other/report-work-undertaken-cookie-banner-taskforce_en",
		Authority: Guidance,
		Date:      "2023-01-17",
		Place:     "EU",
	}
	// TechnicalScopeGuidelines say which techniques Article 5(3) reaches.
	TechnicalScopeGuidelines = Instrument{
		ID:        "EDPB-2-2023",
		Name:      "EDPB, Guidelines 2/2023 on the Technical Scope of Art. 5(3) of the ePrivacy Directive, version 2.0",
		URL:       "https://www.edpb.europa.eu/our-work-tools/our-documents/guidelines/guidelines-22023-technical-scope-art-53-eprivacy-directive_en",
		Authority: Guidance,
		Date:      "2024-10-07",
		Place:     "EU",
	}
	// ConsentGuidelines say what valid consent is.
	ConsentGuidelines = Instrument{
		ID:        "EDPB-05-2020",
		Name:      "EDPB, Guidelines 05/2020 on consent under Regulation 2016/679, version 1.1",
		URL:       "https://www.edpb.europa.eu/our-work-tools/our-documents/guidelines/guidelines-052020-consent-under-regulation-2016679_en",
		Authority: Guidance,
		Date:      "2020-05-04",
		Place:     "EU",
	}
	// ExemptionOpinion lists the classes of cookies that need no consent.
	ExemptionOpinion = Instrument{
		ID:        "WP194",
		Name:      "Article 29 Working Party, Opinion 04/2012 on Cookie Consent Exemption (WP194)",
		URL:       "https://ec.europa.eu/justice/article-29/documentation/opinion-recommendation/files/2012/wp194_en.pdf",
		Authority: Guidance,
		Date:      "2012-06-07",
		Place:     "EU",
	}
	// CookieStandard is the standard that browsers follow.
	CookieStandard = Instrument{
		ID:        "RFC6265BIS",
		Name:      "IETF, Cookies: HTTP State Management Mechanism (draft-ietf-httpbis-rfc6265bis)",
		URL:       "https://datatracker.ietf.org/doc/draft-ietf-httpbis-rfc6265bis/",
		Authority: Standard,
		Date:      "2025-12-01",
	}
	// CNILGuidelines are the French authority's reading of Article 82 of the
	// Loi Informatique et Libertés.
	CNILGuidelines = Instrument{
		ID:        "CNIL-2020-091",
		Name:      "CNIL, délibération n° 2020-091 du 17 septembre 2020 (lignes directrices « cookies et autres traceurs »)",
		URL:       "https://www.legifrance.gouv.fr/jorf/id/JORFTEXT000042388179",
		Authority: Guidance,
		Date:      "2020-09-17",
		Place:     "FR",
	}
	// CNILRecommendation says how consent can be asked for in practice.
	CNILRecommendation = Instrument{
		ID:        "CNIL-2020-092",
		Name:      "CNIL, délibération n° 2020-092 du 17 septembre 2020 (recommandation « cookies et autres traceurs »)",
		URL:       "https://www.legifrance.gouv.fr/jorf/id/JORFTEXT000042388197",
		Authority: Guidance,
		Date:      "2020-09-17",
		Place:     "FR",
	}
	// GaranteGuidelines are the Italian authority's.
	GaranteGuidelines = Instrument{
		ID:        "GARANTE-231-2021",
		Name:      "Garante per la protezione dei dati personali, provvedimento n. 231 del 10 giugno 2021 (linee guida cookie)",
		URL:       "https://www.garanteprivacy.it/home/docweb/-/docweb-display/docweb/9677876",
		Authority: Guidance,
		Date:      "2021-06-10",
		Place:     "IT",
	}
	// AEPDGuide is the Spanish authority's.
	AEPDGuide = Instrument{
		ID:        "AEPD-2023",
		Name:      "AEPD, Guía sobre el uso de las cookies",
		URL:       "https://www.aepd.es/guias/guia-cookies.pdf",
		Authority: Guidance,
		Date:      "2023-07-11",
		Place:     "ES",
	}
	// TCFFramework binds the vendors and consent managers that take part in it.
	TCFFramework = Instrument{
		ID:        "IAB-TCF",
		Name:      "IAB Europe, Transparency and Consent Framework, policies and technical specifications, version 2.3",
		URL:       "https://iabeurope.eu/transparency-consent-framework/",
		Authority: Standard,
		Date:      "2025-06-19",
	}
	// FrenchAct carries out Article 5(3) in France.
	FrenchAct = Instrument{
		ID:        "FR-78-17",
		Name:      "Loi n° 78-17 du 6 janvier 1978 relative à l'informatique, aux fichiers et aux libertés",
		URL:       "https://www.legifrance.gouv.fr/loda/article_lc/LEGIARTI000037813978",
		Authority: Statute,
		Date:      "1978-01-06",
		Place:     "FR",
	}
	// TDDDG carries out Article 5(3) in Germany.
	TDDDG = Instrument{
		ID:        "DE-TDDDG",
		Name:      "Telekommunikation-Digitale-Dienste-Datenschutz-Gesetz (TDDDG)",
		URL:       "https://www.gesetze-im-internet.de/ttdsg/__25.html",
		Authority: Statute,
		Date:      "2021-06-23",
		Place:     "DE",
	}
	// PECR carries out Article 5(3) in the United Kingdom; the Data (Use and
	// Access) Act 2025, section 112, added Schedule A1 with effect from
	// 5 February 2026.
	PECR = Instrument{
		ID:        "UK-PECR",
		Name:      "Privacy and Electronic Communications (EC Directive) Regulations 2003, as amended by the Data (Use and Access) Act 2025",
		URL:       "https://www.legislation.gov.uk/uksi/2003/2426/regulation/6",
		Authority: Statute,
		Date:      "2003-09-18",
		Place:     "UK",
	}
	// LSSI carries out Article 5(3) in Spain.
	LSSI = Instrument{
		ID:        "ES-LSSI",
		Name:      "Ley 34/2002 de servicios de la sociedad de la información y de comercio electrónico",
		URL:       "https://www.boe.es/eli/es/l/2002/07/11/34/con",
		Authority: Statute,
		Date:      "2002-07-11",
		Place:     "ES",
	}
	// ItalianCode carries out Article 5(3) in Italy.
	ItalianCode = Instrument{
		ID:        "IT-CODICE",
		Name:      "Decreto legislativo 30 giugno 2003, n. 196 (Codice in materia di protezione dei dati personali)",
		URL:       "https://www.normattiva.it/uri-res/N2Ls?urn:nir:stato:decreto.legislativo:2003-06-30;196",
		Authority: Statute,
		Date:      "2003-06-30",
		Place:     "IT",
	}
	// UKGDPR is the GDPR as it stands in the law of the United Kingdom, with the
	// numbers of its articles but for the definitions.
	UKGDPR = Instrument{
		ID:        "UK-GDPR",
		Name:      "UK GDPR: Regulation (EU) 2016/679 as part of the law of the United Kingdom, as amended by the Data (Use and Access) Act 2025",
		URL:       "https://www.legislation.gov.uk/eur/2016/679/contents",
		Authority: Statute,
		Date:      "2020-12-31",
		Place:     "UK",
	}
	// ICOGuidance is the British authority's.
	ICOGuidance = Instrument{
		ID:        "ICO-STORAGE-ACCESS",
		Name:      "ICO, Guidance on the use of storage and access technologies",
		URL:       "https://ico.org.uk/for-organisations/direct-marketing-and-privacy-and-electronic-communications/guidance-on-the-use-of-storage-and-access-technologies/",
		Authority: Guidance,
		Date:      "2026-04-29",
		Place:     "UK",
	}
	// AEPDMeasurement is the Spanish authority's guide to audience measurement.
	AEPDMeasurement = Instrument{
		ID:        "AEPD-2024",
		Name:      "AEPD, Guía sobre el uso de cookies para herramientas de medición de audiencia",
		URL:       "https://www.aepd.es/guias-y-herramientas/guias",
		Authority: Guidance,
		Date:      "2024-01-11",
		Place:     "ES",
	}
	// CaliforniaAct gives consumers the right to opt out.
	CaliforniaAct = Instrument{
		ID:        "US-CA-CCPA",
		Name:      "California Consumer Privacy Act of 2018, California Civil Code",
		URL:       "https://leginfo.legislature.ca.gov/faces/codes_displayText.xhtml?division=3.&part=4.&lawCode=CIV&title=1.81.5",
		Authority: Statute,
		Date:      "2018-06-28",
		Place:     "US-CA",
	}
	// CaliforniaRegulations carry out the California Consumer Privacy Act.
	CaliforniaRegulations = Instrument{
		ID:        "US-CA-11-CCR",
		Name:      "California Consumer Privacy Act Regulations, California Code of Regulations, Title 11, as amended with effect from 1 January 2026",
		URL:       "https://cppa.ca.gov/regulations/pdf/cppa_regs.pdf",
		Authority: Statute,
		Date:      "2025-09-23",
		Place:     "US-CA",
	}
)

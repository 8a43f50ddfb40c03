module cookieaudit

go 1.26.0

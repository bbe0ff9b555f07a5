@main enum CrashMain { static func main() {} }

using LamassuAwsConnector.Tests.Infrastructure;

namespace LamassuAwsConnector.Tests.Iam;

/// <summary>The generated parts of docs/iam.md, between comments that name them. <c>UPDATE_DOCS=1</c> rewrites them.</summary>
internal static class IamDocument
{
    private static readonly string File = Path.Combine(TestFolders.Repository, "docs", "iam.md");
    private static readonly Lock Gate = new();

    public static void Check(string part, string wanted)
    {
        lock (Gate)
        {
            var text = System.IO.File.ReadAllText(File);
            var (begin, end) = ($"<!-- generated: {part} -->\n", $"\n<!-- end of {part} -->");
            var from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
            var to = text.IndexOf(end, StringComparison.Ordinal);
            Assert.True(from >= begin.Length && to >= from, $"docs/iam.md has no part {part}");
            if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
            {
                System.IO.File.WriteAllText(File, text[..from] + wanted + text[to..]);
                return;
            }

            Assert.True(wanted == text[from..to], $"The part {part} of docs/iam.md is not what the code says; UPDATE_DOCS=1 rewrites it. Wanted:\n{wanted}");
        }
    }
}

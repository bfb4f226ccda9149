using System.Runtime.CompilerServices;

namespace LamassuAwsConnector.Tests.Infrastructure;

internal static class TestFolders
{
    public static string Root { get; } = Path.Combine(AppContext.BaseDirectory, "TestData");

    public static string Events { get; } = Path.Combine(Root, "events");

    public static string Recordings { get; } = Path.Combine(Root, "recordings");

    /// <summary>The sources' root, for files that are not built.</summary>
    public static string Repository { get; } = RootOf();

    private static string RootOf([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));
}

namespace LamassuAwsConnector.Tests.Infrastructure;

internal static class TestFolders
{
    public static string Root { get; } = Path.Combine(AppContext.BaseDirectory, "TestData");

    public static string Events { get; } = Path.Combine(Root, "events");

    public static string Recordings { get; } = Path.Combine(Root, "recordings");
}

namespace LamassuAwsConnector.Sandbox;

internal static class ListenAddress
{
    /// <summary>The URL of a server in this process for this process: one that listens on every address is on loopback too.</summary>
    public static Uri FromHere(string address) => new UriBuilder(address) { Host = "127.0.0.1" }.Uri;
}

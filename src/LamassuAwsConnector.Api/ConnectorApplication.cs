namespace LamassuAwsConnector.Api;

/// <summary>The connector as a web application, ready to run. The sandbox starts it in its own process through this door.</summary>
public static class ConnectorApplication
{
    /// <param name="args">Command line; <c>--key value</c> pairs override the configuration.</param>
    /// <param name="settings">Configuration that overrides everything else; keys as in the YAML file, parts joined by ':'.</param>
    public static WebApplication Build(string[] args, IEnumerable<KeyValuePair<string, string?>>? settings = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Configuration.AddInMemoryCollection(settings);
        var app = builder.Build();
        return app;
    }
}

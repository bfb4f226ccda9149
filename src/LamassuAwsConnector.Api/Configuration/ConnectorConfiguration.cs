namespace LamassuAwsConnector.Api.Configuration;

internal static class ConnectorConfiguration
{
    private const string FileVariable = "LAMASSU_CONFIG_FILE";
    private const string DefaultFile = "/etc/lamassuiot/config.yml";

    /// <summary>
    /// The YAML file (<c>LAMASSU_CONFIG_FILE</c>, else <c>/etc/lamassuiot/config.yml</c> where there is one), environment variables over it (parts joined by
    /// two underscores: <c>AWS_CONFIG__REGION</c>), then <paramref name="settings"/>.
    /// </summary>
    /// <exception cref="InvalidDataException">The file that was named is missing, or no YAML; says what and where.</exception>
    public static void AddConnectorConfiguration(this ConfigurationManager configuration, IEnumerable<KeyValuePair<string, string?>>? settings)
    {
        var named = Environment.GetEnvironmentVariable(FileVariable);
        var file = named is { Length: > 0 } ? named : DefaultFile;
        if (File.Exists(file))
        {
            configuration.AddInMemoryCollection(ReadFile(file).Where(setting => setting.Value is not null));
        }
        else if (named is { Length: > 0 })
        {
            throw new InvalidDataException($"{FileVariable} names '{named}', and there is no such file.");
        }

        configuration.AddEnvironmentVariables();
        if (settings is not null)
        {
            // A key without a value is none: the binder would put null where the option has a default.
            configuration.AddInMemoryCollection(settings.Where(setting => setting.Value is not null));
        }
    }

    private static Dictionary<string, string?> ReadFile(string file)
    {
        try
        {
            using var text = File.OpenText(file);
            return FileShapes.Unify(YamlConfiguration.Read(text, Environment.GetEnvironmentVariable));
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"The configuration file '{file}' can't be used: {exception.Message}.", exception);
        }
    }
}

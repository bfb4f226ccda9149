using System.Collections;

namespace LamassuAwsConnector.Api.Configuration;

internal static class ConnectorConfiguration
{
    private const string FileVariable = "LAMASSU_CONFIG_FILE";
    private const string DefaultFile = "/etc/lamassuiot/config.yml";

    /// <summary>
    /// The YAML file (<c>LAMASSU_CONFIG_FILE</c>, else <c>/etc/lamassuiot/config.yml</c> where there is one), environment variables over it (parts joined by
    /// two underscores: <c>AWS_CONFIG__REGION</c>), then the command line (<c>--aws_config:region</c>), then <paramref name="settings"/>.
    /// </summary>
    /// <returns>What was written, and what is wrong with it: values of the wrong kind are taken out, so that the rest can be judged.</returns>
    /// <exception cref="InvalidDataException">The file that was named is missing, or no YAML; says what and where.</exception>
    public static WrittenSettings AddConnectorConfiguration(
        this ConfigurationManager configuration, string[] args, IEnumerable<KeyValuePair<string, string?>>? settings)
    {
        var written = new WrittenSettings();
        written.Add(ReadFile(written.Problems));
        configuration.AddInMemoryCollection(Values(written));

        // Again, over the file: those of ASP.NET Core.
        configuration.AddEnvironmentVariables().AddCommandLine(args);

        written.Add(ReadEnvironment());
        written.Add(ReadCommandLine(args));
        written.CompleteAddresses();
        configuration.AddInMemoryCollection(Values(written));
        if (settings is not null)
        {
            // A key without a value is none: the binder would put null where the option has a default.
            configuration.AddInMemoryCollection(settings.Where(setting => setting.Value is not null));
        }

        var unreadable = UnreadableValues.Find(configuration).ToList();
        written.Problems.AddRange(unreadable.Select(value => written.WithPlace(value.Problem)));
        configuration.AddInMemoryCollection(unreadable
            .Where(value => value.Instead is not null).Select(value => KeyValuePair.Create(value.Key, value.Instead)));
        return written;
    }

    private static Dictionary<string, string?> Values(WrittenSettings written) =>
        written.All.ToDictionary(setting => setting.Key, setting => (string?)setting.Value);

    private static IEnumerable<Setting> ReadFile(List<string> problems)
    {
        var named = Environment.GetEnvironmentVariable(FileVariable);
        var file = named is { Length: > 0 } ? named : DefaultFile;
        if (!File.Exists(file))
        {
            return named is { Length: > 0 } ? throw new InvalidDataException($"{FileVariable} names '{named}', and there is no such file.") : [];
        }

        try
        {
            return YamlConfiguration.Read(File.ReadAllText(file), Environment.GetEnvironmentVariable, problems)
                .Select(value => new Setting(FileShapes.Unify(value.Key), value.Value, value.Key.Replace(':', '.'), $"line {value.Line} of {file}"));
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"The configuration file '{file}' can't be used: {exception.Message}", exception);
        }
    }

    private static IEnumerable<Setting> ReadEnvironment() => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .Select(variable => ((string)variable.Key, (string?)variable.Value))
        .Where(variable => IsOurs(variable.Item1.Split("__")))
        .OrderBy(variable => variable.Item1, StringComparer.Ordinal)
        .Select(variable => Of(variable.Item1.Replace("__", ":", StringComparison.Ordinal), variable.Item2 ?? "", variable.Item1, "environment"));

    private static IEnumerable<Setting> ReadCommandLine(string[] args) => new ConfigurationBuilder().AddCommandLine(args).Build().AsEnumerable()
        .Where(argument => argument.Value is not null && IsOurs(argument.Key.Split(':')))
        .Select(argument => Of(argument.Key, argument.Value!, $"--{argument.Key}", "command line"));

    // In lower case, as the file's keys are: it is shown.
    private static Setting Of(string key, string value, string writtenAs, string place) =>
        new(FileShapes.Unify(key).ToLowerInvariant(), value, writtenAs, place);

    // What begins like one of ours, with a typing error at most. A single word has to be right: there are too many variables.
    private static bool IsOurs(string[] parts) => parts.Length == 1
        ? ConfigurationSchema.IsOptionOrList(parts[0])
        : ConfigurationSchema.IsTop(parts[0]) || ConfigurationSchema.Nearest(parts[0]) is not null
            || string.Equals(parts[0], FileShapes.TopLevel, StringComparison.OrdinalIgnoreCase);
}

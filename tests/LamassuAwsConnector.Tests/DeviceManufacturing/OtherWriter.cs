using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace LamassuAwsConnector.Tests.DeviceManufacturing;

/// <summary>Saves the DMS from an older copy right after each PUT of the connector, as a dashboard does that was open all the while.</summary>
internal sealed class OtherWriter
{
    private int saved;

    public int Times { get; init; }

    public JitpStage? Stage { get; set; }

    public void Join(IServiceCollection services) =>
        services.ConfigureHttpClientDefaults(builder => builder.AddHttpMessageHandler(() => new Handler(this)));

    private void Save() => Stage!.ChangeSettings(settings =>
    {
        settings["registration_mode"] = "auto";
        settings["groups"] = new JsonArray($"their-group-{saved}");
    });

    private sealed class Handler(OtherWriter writer) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (request.Method == HttpMethod.Put && request.RequestUri!.AbsolutePath == $"/v1/dms/{JitpStage.Dms}" && writer.saved < writer.Times)
            {
                writer.saved++;
                writer.Save();
            }

            return response;
        }
    }
}

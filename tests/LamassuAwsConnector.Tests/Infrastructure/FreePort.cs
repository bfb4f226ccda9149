using System.Net;
using System.Net.Sockets;

namespace LamassuAwsConnector.Tests.Infrastructure;

/// <summary>For programs that can't be told to take any port and say which.</summary>
internal static class FreePort
{
    public static int Take()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
